using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Spec.Mounts;

/// <summary>
/// Keeps <c>/proc</c> the kernel's. A file of somebody else's in it could take what the runtime writes there to confine the container
/// (CVE-2019-16884: an image with a volume at <c>/proc</c> went without its AppArmor profile). runc has this rule itself; crun 1.8 has not.
/// </summary>
internal static class ProcPaths
{
    private const string Folder = "proc";

    // Files that only tell something, which tools such as lxcfs tell better: runc's own list.
    private static readonly HashSet<string> s_harmless = new(StringComparer.Ordinal)
    {
        "proc/cpuinfo", "proc/diskstats", "proc/meminfo", "proc/stat", "proc/swaps", "proc/uptime", "proc/loadavg", "proc/slabinfo",
        "proc/net/dev", "proc/sys/kernel/ns_last_pid", "proc/sys/crypto/fips_enabled",
    };

    /// <param name="path">Where it comes to be in the container, links followed, without the first slash.</param>
    /// <param name="mount">What is to be mounted there.</param>
    /// <exception cref="EngineException">InvalidArgument: it must not be.</exception>
    public static void Check(string path, RuntimeMount mount)
    {
        if (path == Folder)
        {
            var isProc = mount.Type == "proc" || (mount.Type == "bind" && new DriveInfo(mount.Source).DriveFormat == "proc");
            if (!isProc)
            {
                throw EngineException.InvalidArgument($"\"/{path}\" cannot be mounted because it is not of type proc");
            }
        }
        else if (path.StartsWith(Folder + "/", StringComparison.Ordinal) && !s_harmless.Contains(path))
        {
            throw EngineException.InvalidArgument($"\"/{path}\" cannot be mounted because it is inside /proc");
        }
    }
}
