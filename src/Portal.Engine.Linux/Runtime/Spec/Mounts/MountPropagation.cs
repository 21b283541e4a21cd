using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Spec.Mounts;

/// <summary>
/// What binds that pass mounts on ask of the root and of the host (mount_namespaces(7)), by Docker's rules and in
/// its words.
/// </summary>
internal static class MountPropagation
{
    private static readonly string[] s_passingOn = ["shared:", "master:"];

    /// <summary>The propagation of the container's root; null for the runtime's default.</summary>
    /// <exception cref="EngineException">InvalidArgument: the host does not share the mount that a source is on.</exception>
    public static string? OfRoot(IReadOnlyList<RuntimeMount> mounts)
    {
        var binds = mounts.Where(mount => mount.Type == "bind").ToList();
        var shared = binds.Where(mount => mount.Options.Any(option => option is "shared" or "rshared")).ToList();
        var slave = binds.Where(mount => mount.Options.Any(option => option is "slave" or "rslave")).ToList();
        if (shared.Count + slave.Count == 0)
        {
            return null;
        }

        var lines = File.ReadAllLines("/proc/self/mountinfo");
        slave.RemoveAll(mount => mount.MayStayPrivate && !IsAny(Find(mount.Source, lines).Fields, s_passingOn));
        Check(shared, lines, ["shared:"], "a shared");
        Check(slave, lines, s_passingOn, "a shared or slave");
        return shared.Count > 0 ? "shared" : slave.Count > 0 ? "slave" : null;
    }

    /// <summary>The innermost mount that a path is on, with its optional fields (proc_pid_mountinfo(5)).</summary>
    internal static (string MountPoint, IReadOnlyList<string> Fields) Find(string path, IEnumerable<string> lines)
    {
        (string MountPoint, IReadOnlyList<string> Fields) found = ("/", []);
        foreach (var line in lines)
        {
            var parts = line.Split(' ');
            if (parts.Length > 6 && IsOn(path, Unescape(parts[4])) && Unescape(parts[4]).Length >= found.MountPoint.Length)
            {
                found = (Unescape(parts[4]), [.. parts.Skip(6).TakeWhile(field => field != "-")]);
            }
        }

        return found;
    }

    private static void Check(IReadOnlyList<RuntimeMount> mounts, string[] lines, string[] wanted, string kind)
    {
        foreach (var mount in mounts)
        {
            var (point, fields) = Find(mount.Source, lines);
            if (!IsAny(fields, wanted))
            {
                throw EngineException.InvalidArgument($"path {mount.Source} is mounted on {point} but it is not {kind} mount");
            }
        }
    }

    private static bool IsAny(IReadOnlyList<string> fields, string[] wanted) =>
        fields.Any(field => wanted.Any(word => field.StartsWith(word, StringComparison.Ordinal)));

    private static bool IsOn(string path, string mountPoint)
    {
        return mountPoint == "/" || path == mountPoint || path.StartsWith(mountPoint + "/", StringComparison.Ordinal);
    }

    private static string Unescape(string text)
    {
        return text.Replace("\\040", " ", StringComparison.Ordinal)
            .Replace("\\011", "\t", StringComparison.Ordinal)
            .Replace("\\134", "\\", StringComparison.Ordinal);
    }
}
