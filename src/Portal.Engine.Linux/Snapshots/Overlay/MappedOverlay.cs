using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.UserNamespaces;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>
/// Mounts roots whose owners are shown as others. The layers and the writable folder are mounted once more with the owners mapped, and
/// overlayfs is mounted on these; it holds them from then on, so their places are free again at once. On the disk all owners are those
/// inside the container, whatever stands for them on the host: commit, diff and other containers see no difference.
/// </summary>
internal sealed class MappedOverlay(OverlayPaths paths, MountOwners owners)
{
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// Where a root is mounted. Not in its folder: the container's root, a stranger on the host, must pass through all folders above, and
    /// there the set-user-id programs of all containers are.
    /// </summary>
    public string TargetOf(string id) => Path.Combine(paths.Mapped, id);

    /// <summary>Mounts a root.</summary>
    /// <param name="id">Whose.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="lower">Its layers, relative to the folder of all layers; empty for none.</param>
    /// <param name="options">Further options of overlayfs.</param>
    /// <param name="ids">Whom to show as owners.</param>
    public void Mount(string id, string folder, string lower, string options, IdMapping ids)
    {
        var target = TargetOf(id);
        MakeTarget(target);
        var layers = Place();
        var own = Place();
        try
        {
            owners.Use(ids, space =>
            {
                MountCalls.MountMapped(paths.Layers, layers, space, isReadOnly: true);
                MountCalls.MountMapped(folder, own, space, isReadOnly: false);
                return true;
            });
            var below = lower.Length > 0 ? lower : paths.Empty;
            var upper = OverlayRoots.Escape(Path.Combine(own, "upper"));
            var work = OverlayRoots.Escape(Path.Combine(own, "work"));
            MountCalls.Mount("overlay", target, $"lowerdir={below},upperdir={upper},workdir={work},{options}", layers);
        }
        catch (FileCallException failure) when (failure.ErrorNumber is Errno.Invalid or Errno.NotSupported or Errno.NotImplemented)
        {
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"Mounting the root of container '{id}' with mapped owners failed: {failure.Message}. That needs Linux 5.19, and "
                + $"'{paths.Root}' on a file system whose mounts can be mapped (ext4, xfs, btrfs). Run the container with --userns=host.",
                failure);
        }
        finally
        {
            Release(layers);
            Release(own);
        }
    }

    /// <summary>Takes the mount and its place away.</summary>
    public void Unmount(string id)
    {
        var target = TargetOf(id);
        MountCalls.Unmount(target);
        if (Directory.Exists(target))
        {
            Directory.Delete(target);
        }
    }

    private void MakeTarget(string target)
    {
        if (!Directory.Exists(paths.Mapped))
        {
            Directory.CreateDirectory(paths.Mapped, Passable);
        }

        for (var above = paths.Mapped; above is not null; above = Path.GetDirectoryName(above))
        {
            if ((File.GetUnixFileMode(above) & UnixFileMode.OtherExecute) == 0)
            {
                throw new EngineException(
                    EngineErrorKind.Unavailable,
                    $"A container with mapped ids can't be started: its root can't enter '{above}', through which its files are reached. "
                    + $"Allow that with 'chmod o+x {above}', or choose another run folder (PORTAL_RUN).");
            }
        }

        Directory.CreateDirectory(target);
    }

    /// <summary>A place to mount on. Beneath the folder of which the next start unmounts and removes everything.</summary>
    private string Place() => Directory.CreateDirectory(Path.Combine(paths.Staging, $"mapped-{Path.GetRandomFileName()}")).FullName;

    private static void Release(string place)
    {
        MountCalls.Unmount(place);

        // Not with what is in it: should it still be mounted, that would be everybody's layers.
        Directory.Delete(place);
    }
}
