using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>Makes a mount read-only with all that is mounted below it where the kernel can (mount_setattr(2), Linux 5.12).</summary>
internal static class MountAccess
{
    private const string Recursive = "rro";
    private static readonly Version s_since = new(5, 12);

    public static bool CanBeRecursive => Environment.OSVersion.Version >= s_since;

    public static IReadOnlyList<string> Options(RuntimeMount mount)
    {
        // The plain word goes along: runtimes set the flag of the mount itself by that.
        return mount.Options.Contains(Recursive)
            ? [.. mount.Options.Where(option => option != Recursive), "ro", .. CanBeRecursive ? [Recursive] : Array.Empty<string>()]
            : mount.Options;
    }
}
