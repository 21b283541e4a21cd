using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Volumes.Drivers;
using Portal.Engine.Volumes.Mounts;

namespace Portal.Engine.Linux.Volumes;

/// <summary>Mounts by mount(2). What is mounted passes nothing on to other mount namespaces.</summary>
internal sealed class LinuxVolumeMounter : IVolumeMounter
{
    private const int MaxStacked = 16;

    public bool IsMounted(string folder) => MountTable.Has(folder);

    public void Mount(LocalMount mount, string folder, IReadOnlyList<string>? allowedPaths)
    {
        try
        {
            if (mount.IsBind)
            {
                MountBind(mount, folder, allowedPaths);
            }
            else if (mount.IsMemory || mount.IsRemote)
            {
                MountCalls.MountVolume(mount.Device, folder, mount.Type, (ulong)mount.Flags, Data(mount));
            }
            else
            {
                MountDisk(mount, folder, allowedPaths);
            }
        }
        catch (FileCallException failure)
        {
            throw Explain(mount, folder, failure);
        }
    }

    public void MountSubpath(string folder, string subpath, string target)
    {
        using var root = FileCalls.OpenFolder(folder);
        var path = FileCalls.NulTerminated(Encoding.UTF8.GetBytes(subpath));
        using var found = FileCalls.TryOpenIn(
            root, path, OpenFlags.PathOnly, ResolveFlags.Beneath | ResolveFlags.NoMagicLinks, out var error);
        if (error != 0)
        {
            throw error switch
            {
                Errno.CrossDevice => EngineException.InvalidArgument($"path {Path.Combine(folder, subpath)} escapes base {folder}"),
                Errno.NoEntry or Errno.NotFolder or Errno.TooManyLinks => EngineException.InvalidArgument(
                    $"cannot access path {Path.Combine(folder, subpath)}: there is no such file or folder in the volume"),
                _ => new FileCallException(error, "open", subpath),
            };
        }

        if (FileCalls.Stat(found, subpath).IsFolder)
        {
            Directory.CreateDirectory(target);
        }
        else
        {
            File.WriteAllBytes(target, []);
        }

        MountCalls.MountVolume(PathOf(found), target, null, (ulong)(VolumeMountFlags.Bind | VolumeMountFlags.Recursive), null);
    }

    public void Unmount(string folder)
    {
        // A name that is gone, or a hung server, is no reason not to look: the table tells.
        for (var stacked = 0; MountTable.Has(folder); stacked++)
        {
            MountCalls.Unmount(folder);
            if (stacked == MaxStacked)
            {
                throw new EngineException(EngineErrorKind.Internal, $"Unmounting '{folder}' failed: something mounts there again and again.");
            }
        }
    }

    private static void MountBind(LocalMount mount, string folder, IReadOnlyList<string>? allowedPaths)
    {
        using var source = OpenAllowed(mount, allowedPaths);
        MountCalls.MountVolume(PathOf(source), folder, null, (ulong)mount.Flags, null);
    }

    private static void MountDisk(LocalMount mount, string folder, IReadOnlyList<string>? allowedPaths)
    {
        using var device = OpenAllowed(mount, allowedPaths);
        var stat = FileCalls.Stat(device, mount.Device);
        if (stat.Type != FileTypes.BlockDevice)
        {
            throw EngineException.InvalidArgument(
                $"failed to mount local volume: '{mount.Device}' is no block device, which a file system of type '{mount.Type}' is on");
        }

        // By the path that was checked: the kernel lists it as the mount's source.
        MountCalls.MountVolume(RealPath(device), folder, mount.Type, (ulong)mount.Flags, Data(mount));
    }

    /// <summary>Opens a path of the host without reading it: what is checked is what is mounted, whoever renames or links meanwhile.</summary>
    private static SafeFileHandle OpenAllowed(LocalMount mount, IReadOnlyList<string>? allowedPaths)
    {
        using var root = FileCalls.OpenFolder("/");
        var path = FileCalls.NulTerminated(Encoding.UTF8.GetBytes(mount.Device));
        var found = FileCalls.TryOpenIn(root, path, OpenFlags.PathOnly, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, out var error);
        if (error != 0)
        {
            found.Dispose();
            throw new FileCallException(error, "open", mount.Device);
        }

        if (allowedPaths is not null && !allowedPaths.Any(allowed => IsBeneath(RealPath(found), allowed)))
        {
            found.Dispose();
            throw new EngineException(
                EngineErrorKind.Forbidden,
                $"failed to mount local volume: '{mount.Device}' is not beneath a path that volumes may mount on this node "
                + $"({(allowedPaths.Count == 0 ? "none is allowed" : string.Join(", ", allowedPaths))}; PORTAL_VOLUME_PATHS)");
        }

        return found;
    }

    private static bool IsBeneath(string path, string allowed)
    {
        using var opened = FileCalls.TryOpenPath(allowed, OpenFlags.PathOnly, out var error);
        if (error != 0)
        {
            return false;
        }

        var top = RealPath(opened);
        return path == top || top == "/" || path.StartsWith(top + "/", StringComparison.Ordinal);
    }

    private static string Data(LocalMount mount)
    {
        return string.Join(',', mount.IsRemote ? [.. mount.Data, .. Server(mount)] : mount.Data);
    }

    /// <summary>The kernel resolves no names.</summary>
    private static IEnumerable<string> Server(LocalMount mount)
    {
        var name = mount.Server.Length > 0 ? mount.Server : mount.Device[..mount.Device.LastIndexOf(":/", StringComparison.Ordinal)];
        try
        {
            // IPv4 first where a server has both, as Docker takes it.
            var found = IPAddress.TryParse(name.Trim('[', ']'), out var given) ? [given] : Dns.GetHostAddresses(name);
            return [$"addr={found.OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).First()}"];
        }
        catch (Exception failure) when (failure is SocketException or InvalidOperationException)
        {
            throw new EngineException(
                EngineErrorKind.Unavailable, $"error resolving passed in network volume address: the name '{name}' has no address", failure);
        }
    }

    private static EngineException Explain(LocalMount mount, string folder, FileCallException failure)
    {
        var kind = failure.ErrorNumber is Errno.NoEntry or Errno.NotFolder or Errno.Invalid or Errno.NoDevice
            ? EngineErrorKind.InvalidArgument
            : mount.IsRemote ? EngineErrorKind.Unavailable : EngineErrorKind.Internal;
        var reason = System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(failure.ErrorNumber).ToLowerInvariant();
        var options = Data(mount);
        var data = options.Length == 0 ? "" : $", data: {options}";
        return new EngineException(
            kind, $"failed to mount local volume: mount {mount.Device}:{folder}, flags: 0x{(ulong)mount.Flags:x}{data}: {reason}", failure);
    }

    private static string PathOf(SafeFileHandle handle) => $"/proc/self/fd/{handle.DangerousGetHandle()}";

    private static string RealPath(SafeFileHandle handle) => File.ResolveLinkTarget(PathOf(handle), returnFinalTarget: false)!.FullName;
}
