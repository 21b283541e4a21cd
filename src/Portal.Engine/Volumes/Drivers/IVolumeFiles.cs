namespace Portal.Engine.Volumes.Drivers;

/// <summary>
/// What volumes need of the file system beyond names: containers fill these folders, so every walk must follow no link out of them and
/// keep owners, modes, times, links and extended attributes.
/// </summary>
public interface IVolumeFiles
{
    /// <summary>
    /// Copies a folder of a container's root, with its own owner and mode, into an empty folder. Does nothing when there is no such folder.
    /// </summary>
    /// <param name="root">The mounted root. Links in <paramref name="path"/> are resolved as if it were the file system's.</param>
    /// <param name="path">Absolute path within it.</param>
    /// <param name="target">An empty folder.</param>
    /// <param name="cancellationToken">Stops; what was copied stays.</param>
    /// <exception cref="Errors.EngineException">Internal: the copy failed. Unavailable: the disk is full.</exception>
    Task CopyAsync(string root, string path, string target, CancellationToken cancellationToken);

    /// <summary>Gives a folder that is root's to somebody else; does nothing to one that is not.</summary>
    void Adopt(string folder, uint user, uint group);

    /// <summary>Removes a folder with all in it. Does nothing when it is not there.</summary>
    void Remove(string folder);

    /// <summary>Bytes of all files beneath a folder.</summary>
    long Measure(string folder);
}
