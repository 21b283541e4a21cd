using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Runtime.Oci;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>Which devices a container may use. The runtime makes the standard nodes in <c>/dev</c> by itself.</summary>
internal static class DeviceRules
{
    private static readonly string[] s_skipped = ["pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev"];

    /// <summary>Nothing but null, zero, full, random, urandom, the terminals, tun, and making (not opening) of nodes.</summary>
    public static readonly IReadOnlyList<OciDeviceRule> Default =
    [
        new(false, null, null, null, "rwm"),
        new(true, "c", null, null, "m"),
        new(true, "b", null, null, "m"),
        new(true, "c", 1, 3, "rwm"),
        new(true, "c", 1, 5, "rwm"),
        new(true, "c", 1, 7, "rwm"),
        new(true, "c", 1, 8, "rwm"),
        new(true, "c", 1, 9, "rwm"),
        new(true, "c", 5, 0, "rwm"),
        new(true, "c", 5, 2, "rwm"),
        new(true, "c", 136, null, "rwm"),

        // tun: who may make one (CAP_NET_ADMIN) makes its node too, as runc lets it. crun's own rules lack it.
        new(true, "c", 10, 200, "rwm"),
    ];

    public static readonly IReadOnlyList<OciDeviceRule> All = [new(true, null, null, null, "rwm")];

    /// <summary>All device nodes of the host, for privileged containers.</summary>
    public static IReadOnlyList<OciDevice> HostNodes() => [.. HostNodes("/dev")];

    private static IEnumerable<OciDevice> HostNodes(string folder)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(folder))
        {
            var status = FileStatus.Read(path);
            if (status is { IsCharacterDevice: true } or { IsBlockDevice: true })
            {
                if (path != "/dev/console")
                {
                    yield return DeviceNodes.ToDevice(path, status);
                }
            }
            else if (IsOwnFolder(path))
            {
                foreach (var device in HostNodes(path))
                {
                    yield return device;
                }
            }
        }
    }

    private static bool IsOwnFolder(string path)
    {
        var info = new DirectoryInfo(path);
        return info.Exists && info.LinkTarget is null && !s_skipped.Contains(info.Name);
    }
}
