using Portal.Engine.Linux.Interop;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Spec.Mounts;

/// <summary>
/// Says to the runtime what a mount may: read-only with all that is mounted below it where the kernel can (mount_setattr(2),
/// Linux 5.12), and never more than its source.
/// </summary>
internal static class MountAccess
{
    private const string Recursive = "rro";
    private static readonly Version s_since = new(5, 12);

    public static bool CanBeRecursive => Environment.OSVersion.Version >= s_since;

    public static IReadOnlyList<string> Options(RuntimeMount mount)
    {
        var options = Asked(mount);
        if (mount.Type != "bind")
        {
            return options;
        }

        // runc leaves what the source has; crun (1.8 at least) takes it back unless it is said: a volume that is mounted read-only or
        // noexec on the host would be neither in the container.
        var restrictions = MountCalls.Restrictions(mount.Source).Where(restriction => !options.Contains(restriction.Option)).ToList();
        return
        [
            .. options.Where(option => restrictions.All(restriction => restriction.Opposite != option)),
            .. restrictions.Select(restriction => restriction.Option),
        ];
    }

    private static IReadOnlyList<string> Asked(RuntimeMount mount)
    {
        if (!mount.Options.Contains(Recursive))
        {
            return mount.Options;
        }

        // The plain word goes along: runtimes set the flag of the mount itself by that. Nothing is mounted below a file, and crun (1.8 at
        // least) takes what is to be read-only below for a folder.
        var recursive = CanBeRecursive && Directory.Exists(mount.Source);
        return [.. mount.Options.Where(option => option != Recursive), "ro", .. recursive ? [Recursive] : Array.Empty<string>()];
    }
}
