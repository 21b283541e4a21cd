using Portal.Engine.Volumes.Mounts;

namespace Portal.Engine.Volumes.Drivers;

/// <summary>Mounts what volumes with options stand for, and folders within volumes. Holds no state: the kernel does.</summary>
public interface IVolumeMounter
{
    /// <summary>True when something is mounted right at the folder. Asks nothing of what is mounted.</summary>
    bool IsMounted(string folder);

    /// <summary>Mounts over a folder.</summary>
    /// <param name="mount">What.</param>
    /// <param name="folder">An existing folder.</param>
    /// <param name="allowedPaths">Host paths that a bind or a block device must be at or beneath, links resolved; null for any.</param>
    /// <exception cref="Errors.EngineException">
    /// Forbidden: the path is not allowed. Internal, InvalidArgument or Unavailable: mounting failed; the message says why.
    /// </exception>
    void Mount(LocalMount mount, string folder, IReadOnlyList<string>? allowedPaths);

    /// <summary>Mounts what is at a path in a volume at a place of its own, whatever is renamed or linked in the volume meanwhile.</summary>
    /// <param name="folder">The volume's files.</param>
    /// <param name="subpath">Relative; links are followed so far as they stay within the volume.</param>
    /// <param name="target">Where to mount; made, a file for a file and a folder for a folder.</param>
    /// <exception cref="Errors.EngineException">InvalidArgument: nothing is there, or the path leads out. In Docker's words.</exception>
    void MountSubpath(string folder, string subpath, string target);

    /// <summary>Takes a mount away, at once for new users; nothing when there is none.</summary>
    void Unmount(string folder);
}
