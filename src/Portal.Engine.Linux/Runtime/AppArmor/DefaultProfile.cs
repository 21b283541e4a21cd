using System.Text;

namespace Portal.Engine.Linux.Runtime.AppArmor;

/// <summary>
/// The profile of containers that name none (apparmor.d(5)), with the meaning of Docker's <c>docker-default</c>: files, network and
/// capabilities as the container's other limits leave them, and none of what of the kernel is not the container's alone.
/// </summary>
internal static class DefaultProfile
{
    public const string Name = "portal-default";

    // Beneath /proc a container may write what is a process's own, and the settings of its own ipc namespace.
    private static readonly string[] s_unwritable =
    [
        "@{PROC}/*",
        "@{PROC}/{[^1-9],[^1-9][^0-9],[^1-9s][^0-9y][^0-9s],[^1-9][^0-9][^0-9][^0-9/]*}/**",
        "@{PROC}/sys/[^k]**",
        "@{PROC}/sys/kernel/{?,??,[^s][^h][^m]**}",
    ];

    // What of /sys is no cgroup is there to be read: programs count processors, network devices and memory in it.
    private static readonly string[] s_unchangeable =
    [
        "/sys/[^f]*/**",
        "/sys/f[^s]*/**",
        "/sys/fs/[^c]*/**",
        "/sys/fs/c[^g]*/**",
        "/sys/fs/cg[^r]*/**",
    ];

    // Not even read: the kernel's memory, its buttons, and what tells of the machine and of its other tenants.
    private static readonly string[] s_untouchable =
    [
        "@{PROC}/sysrq-trigger",
        "@{PROC}/kcore",
        "@{PROC}/kmem",
        "@{PROC}/mem",
        "/sys/firmware/**",
        "/sys/devices/virtual/powercap/**",
        "/sys/kernel/security/**",
    ];

    /// <summary>The profile's text.</summary>
    /// <param name="included">The folder of files that may be included; what is not in it is left out.</param>
    /// <param name="ownProfile">The profile of the engine, which may send signals into containers; <c>unconfined</c> for none.</param>
    public static string Write(string included, string ownProfile)
    {
        var text = new StringBuilder();

        // Without the distribution's files the one variable that is used here has to be told.
        var hasTunables = File.Exists(Path.Combine(included, "tunables/global"));
        text.Append(hasTunables ? "#include <tunables/global>\n\n" : "@{PROC}=/proc/\n\n");
        text.Append("profile ").Append(Name).Append(" flags=(attach_disconnected,mediate_deleted) {\n");
        if (File.Exists(Path.Combine(included, "abstractions/base")))
        {
            text.Append("  #include <abstractions/base>\n");
        }

        foreach (var rule in new[] { "network", "capability", "file", "umount" })
        {
            text.Append("  ").Append(rule).Append(",\n");
        }

        text.Append("  deny mount,\n");
        Deny(text, s_unwritable, "w");
        Deny(text, s_unchangeable, "wklx");
        Deny(text, s_untouchable, "rwklx");

        foreach (var peer in new[] { "unconfined", "runc", "crun", ownProfile }.Distinct())
        {
            text.Append("  signal (receive) peer=").Append(Quote(peer)).Append(",\n");
        }

        text.Append("  signal (send,receive) peer=").Append(Name).Append(",\n");
        text.Append("  ptrace (trace,read,tracedby,readby) peer=").Append(Name).Append(",\n");
        return text.Append("}\n").ToString();
    }

    private static void Deny(StringBuilder text, string[] paths, string access)
    {
        foreach (var path in paths)
        {
            text.Append("  deny ").Append(path).Append(' ').Append(access).Append(",\n");
        }
    }

    /// <summary>As a name of a profile may be written that holds anything.</summary>
    private static string Quote(string name)
    {
        // A mark within would end it; no tool makes such a name.
        return "\"" + name.Replace("\"", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal) + "\"";
    }
}
