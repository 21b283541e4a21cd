using System.Globalization;
using Portal.Engine.Linux.Runtime.Oci;
using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Runtime.Spec.Mounts;

/// <summary>The file systems that every container has, as Docker mounts them, followed by the container's own.</summary>
internal static class DefaultMounts
{
    private static readonly string[] s_guarded = ["nosuid", "noexec", "nodev"];

    /// <param name="container">The container.</param>
    /// <param name="sharedMemory">The host's path of its <c>/dev/shm</c>; null for one of its own.</param>
    public static IReadOnlyList<OciMount> For(RuntimeContainer container, string? sharedMemory)
    {
        var access = container.Privileged ? "rw" : "ro";
        var shmSize = container.ShmSize.ToString(CultureInfo.InvariantCulture);
        OciMount[] standard =
        [
            new("/proc", "proc", "proc", s_guarded),
            new("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            new("/dev/pts", "devpts", "devpts", ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
            new("/sys", "sysfs", "sysfs", [.. s_guarded, access]),
            new("/sys/fs/cgroup", "cgroup", "cgroup", [.. s_guarded, access]),
            Queues(container),
            sharedMemory is null
                ? new("/dev/shm", "tmpfs", "shm", [.. s_guarded, "mode=1777", $"size={shmSize}"])
                : new("/dev/shm", "bind", sharedMemory, ["rbind", "rprivate", .. s_guarded]),
        ];

        // A mount of the user's at the same place stands in for the standard one.
        var own = container.Mounts.Select(mount => mount.Destination).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. standard.Where(mount => !own.Contains(mount.Destination)
                && !(mount.Type == "mqueue" && container.Ids is not null && container.Ipc.Kind == NamespaceKind.Host)
                && !(mount.Destination == "/dev/shm" && container.Ipc.Kind == NamespaceKind.None)),
            .. container.Mounts.Select(mount => new OciMount(
                mount.Destination, mount.Type, mount.Source, MountAccess.Options(mount))),
        ];
    }

    /// <summary>Whoever has ids of its own may not mount the host's queues anew, only where they are.</summary>
    private static OciMount Queues(RuntimeContainer container)
    {
        return container.Ids is not null && container.Ipc.Kind == NamespaceKind.Host && Directory.Exists("/dev/mqueue")
            ? new("/dev/mqueue", "bind", "/dev/mqueue", ["rbind", "rprivate", .. s_guarded])
            : new("/dev/mqueue", "mqueue", "mqueue", s_guarded);
    }
}
