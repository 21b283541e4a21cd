using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>
/// Capabilities (capabilities(7)) in the kernel's order, Docker's default set, and the rules of <c>--cap-add</c> and
/// <c>--cap-drop</c>.
/// </summary>
internal static class CapabilitySet
{
    private const string Prefix = "CAP_";

    private static readonly string[] s_all =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW",
        "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
        "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
        "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
        "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    private static readonly string[] s_defaults =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ];

    /// <summary>The capabilities of a container, among those that we hold ourselves: nobody can give what he has not.</summary>
    /// <param name="privileged">True for all.</param>
    /// <param name="add">Names with or without <c>CAP_</c>, or <c>ALL</c>.</param>
    /// <param name="drop">The same.</param>
    /// <param name="held">A bit for each capability of this process (<c>CapBnd</c> in <c>/proc/self/status</c>).</param>
    public static IReadOnlyList<string> Resolve(
        bool privileged, IReadOnlyList<string> add, IReadOnlyList<string> drop, ulong held)
    {
        var added = Normalize(add);
        var dropped = Normalize(drop);
        if (privileged)
        {
            return [.. s_all.Where((_, bit) => IsHeld(held, bit))];
        }

        // ALL with single names means all but those, in either direction.
        var wanted = new HashSet<string>(dropped.Contains("ALL") ? [] : s_defaults);
        if (added.Contains("ALL"))
        {
            wanted = [.. s_all];
        }

        wanted.ExceptWith(dropped);
        wanted.UnionWith(added);
        return [.. s_all.Where((name, bit) => wanted.Contains(name) && IsHeld(held, bit))];
    }

    /// <summary>Looks whether all names are known.</summary>
    /// <exception cref="EngineException">InvalidArgument: one is not; in Docker's words, which name the field.</exception>
    public static void Check(IReadOnlyList<string> names, string field)
    {
        foreach (var name in names.Where(name => !IsKnown(name)))
        {
            throw EngineException.InvalidArgument($"invalid {field}: unknown capability: \"{Full(name)}\"");
        }
    }

    /// <summary>The bits of <c>CapBnd</c> of this process.</summary>
    public static ulong ReadHeld()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("CapBnd:", StringComparison.Ordinal));
        return Convert.ToUInt64(line[7..].Trim(), 16);
    }

    private static bool IsHeld(ulong held, int bit) => (held & (1UL << bit)) != 0;

    private static HashSet<string> Normalize(IEnumerable<string> names) => [.. names.Select(Normalize)];

    private static bool IsKnown(string name) => IsAll(name) || s_all.Contains(Full(name));

    private static bool IsAll(string name) => name.Trim().ToUpperInvariant() is "ALL" or "CAP_ALL";

    private static string Full(string name)
    {
        var upper = name.Trim().ToUpperInvariant();
        return upper.StartsWith(Prefix, StringComparison.Ordinal) ? upper : Prefix + upper;
    }

    private static string Normalize(string name)
    {
        return IsAll(name) ? "ALL"
            : IsKnown(name) ? Full(name)
            : throw EngineException.InvalidArgument($"invalid capability: \"{name}\": the kernel knows no such capability.");
    }
}
