using System.Text.RegularExpressions;

namespace Portal.Engine.Volumes.Mounts;

/// <summary>Which options a file system takes from a volume: tmpfs(5), nfs(5); of those on block devices words without paths.</summary>
internal static partial class OptionRules
{
    public static bool Allow(string type, string option) => type switch
    {
        "bind" => false,
        "tmpfs" => Memory().IsMatch(option),
        "nfs" or "nfs4" => Nfs().IsMatch(option),
        _ => Disk().IsMatch(option),
    };

    [GeneratedRegex(
        @"\A(size=\d{1,19}[kKmMgG%]?|nr_blocks=\d{1,19}[kKmMgG]?|nr_inodes=\d{1,19}[kKmMgG]?|mode=[0-7]{1,4}|uid=\d{1,10}|gid=\d{1,10}"
        + @"|huge=(never|always|within_size|advise)|noswap)\z")]
    private static partial Regex Memory();

    [GeneratedRegex(
        @"\A((nfsvers|vers)=[234](\.[0-2])?|minorversion=[012]|proto=(tcp|udp|tcp6|udp6)|mountproto=(tcp|udp|tcp6|udp6)"
        + @"|(port|mountport|mountvers|timeo|retrans|rsize|wsize|acregmin|acregmax|acdirmin|acdirmax|actimeo|nconnect|namlen)=\d{1,9}"
        + @"|hard|soft|softerr|softreval|nosoftreval|ac|noac|lock|nolock|cto|nocto|rdirplus|nordirplus|resvport|noresvport"
        + @"|sharecache|nosharecache|intr|nointr|fg|acl|noacl|sec=(sys|none|krb5|krb5i|krb5p)|lookupcache=(all|none|pos|positive)"
        + @"|local_lock=(all|none|flock|posix)|clientaddr=[0-9A-Fa-f:.]{2,45})\z")]
    private static partial Regex Nfs();

    // A value with a slash would name another file of the host (journal_path, logdev, device); these names take a device by number.
    [GeneratedRegex(@"\A(?!journal_|logdev|rtdev|device|loop|offset|sizelimit)[a-z][a-z0-9_]{0,31}(=[A-Za-z0-9_.:+-]{1,64})?\z")]
    private static partial Regex Disk();
}
