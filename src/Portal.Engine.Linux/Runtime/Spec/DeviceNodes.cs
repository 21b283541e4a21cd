using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Runtime.Oci;
using Portal.Engine.Runtime.Devices;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>Devices that a container is given one by one (<c>--device</c>).</summary>
internal static class DeviceNodes
{
    private const int MostLinks = 40;

    /// <summary>The nodes that a mapping stands for: one, or all beneath a folder.</summary>
    /// <exception cref="EngineException">InvalidArgument: there is no such device; in Docker's words.</exception>
    public static IEnumerable<OciDevice> Find(DeviceMapping mapping)
    {
        var target = mapping.PathInContainer.Length > 0 ? mapping.PathInContainer : mapping.PathOnHost;
        var source = Resolve(mapping.PathOnHost);
        if (source is not null && Directory.Exists(source))
        {
            var nodes = FindBeneath(source, target).ToList();
            return nodes.Count > 0 ? nodes : throw Missing(mapping, "no device nodes in it");
        }

        return source is not null && FileStatus.Read(source) is { } status && IsDevice(status)
            ? [ToDevice(target, status)]
            : throw Missing(mapping, source is null ? "no such file or directory" : "not a device node");
    }

    /// <summary>The rule that lets a container use a node.</summary>
    public static OciDeviceRule Rule(OciDevice device, string permissions)
    {
        return new OciDeviceRule(true, device.Type, device.Major, device.Minor, permissions.Length > 0 ? permissions : "rwm");
    }

    public static OciDevice ToDevice(string path, FileStatus status)
    {
        return new OciDevice(
            path, status.IsBlockDevice ? "b" : "c", status.DeviceMajor, status.DeviceMinor, status.Mode & 0xfff, status.Uid, status.Gid);
    }

    public static bool IsDevice(FileStatus status) => status.IsCharacterDevice || status.IsBlockDevice;

    /// <summary>What a path leads to; null for nothing.</summary>
    public static FileStatus? ReadFollowing(string path) => Resolve(path) is { } found ? FileStatus.Read(found) : null;

    private static string? Resolve(string path)
    {
        for (var link = 0; link < MostLinks && path.StartsWith('/') && !path.Contains('\0'); link++)
        {
            if (new FileInfo(path).LinkTarget is not { } target)
            {
                return FileStatus.Read(path) is null ? null : path;
            }

            path = Path.GetFullPath(target, Path.GetDirectoryName(path)!);
        }

        return null;
    }

    private static IEnumerable<OciDevice> FindBeneath(string folder, string target)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(folder))
        {
            var inside = Path.Combine(target, Path.GetFileName(path));
            if (FileStatus.Read(path) is { } status && IsDevice(status))
            {
                yield return ToDevice(inside, status);
            }
            else if (new DirectoryInfo(path) is { Exists: true, LinkTarget: null })
            {
                foreach (var device in FindBeneath(path, inside))
                {
                    yield return device;
                }
            }
        }
    }

    private static EngineException Missing(DeviceMapping mapping, string why)
    {
        return EngineException.InvalidArgument(
            $"error gathering device information while adding custom device \"{mapping.PathOnHost}\": {why}");
    }
}
