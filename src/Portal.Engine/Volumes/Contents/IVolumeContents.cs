namespace Portal.Engine.Volumes.Contents;

/// <summary>
/// The files within volumes, for people who look into them while containers use them or not. Links on the way of a path are followed so
/// far as they stay within the volume; its last name never is. None leads out, whoever changes the tree meanwhile. Only regular files are
/// opened: a FIFO or a device holds nobody up.
/// </summary>
/// <remarks>
/// Paths are those of <see cref="VolumePath"/>. All members throw an <see cref="Errors.EngineException"/>: NotFound: no such volume or
/// path. InvalidArgument: a malformed path, or the wrong kind of file. Forbidden: the way leads out, or the volume is read-only.
/// Unavailable: the disk is full.
/// </remarks>
public interface IVolumeContents
{
    /// <summary>One page of a folder. Walks the names of all of it and holds only the page.</summary>
    Task<VolumePage> ListAsync(string volume, string path, VolumeListing listing, CancellationToken cancellationToken = default);

    /// <summary>What is at a path.</summary>
    Task<VolumeFile> StatAsync(string volume, string path, CancellationToken cancellationToken = default);

    /// <summary>Writes the bytes of a regular file, as it was long when it was opened.</summary>
    /// <param name="volume">Which.</param>
    /// <param name="path">Where.</param>
    /// <param name="offset">Where to begin, 0 or more.</param>
    /// <param name="length">How many bytes at most; 0 for all.</param>
    /// <param name="open">Told what it is before its bytes come; gives where to write, which is not disposed.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task ReadAsync(
        string volume, string path, long offset, long length, Func<VolumeFile, ValueTask<Stream>> open,
        CancellationToken cancellationToken = default);

    /// <summary>Writes what is at a path, with all beneath it, as a tar archive.</summary>
    Task ReadArchiveAsync(
        string volume, string path, Func<VolumeFile, ValueTask<Stream>> open, CancellationToken cancellationToken = default);

    /// <summary>Writes a regular file, which appears whole or not at all.</summary>
    /// <exception cref="Errors.EngineException">AlreadyExists: something is there, and may not be replaced.</exception>
    Task<VolumeFile> WriteAsync(
        string volume, string path, VolumeWrite how, Stream content, CancellationToken cancellationToken = default);

    /// <summary>Makes a folder in one that exists; its owner is that one's.</summary>
    /// <exception cref="Errors.EngineException">AlreadyExists.</exception>
    Task<VolumeFile> MakeFolderAsync(string volume, string path, int mode = 0x1ED, CancellationToken cancellationToken = default);

    /// <summary>Gives something another path in the same volume. Never replaces anything.</summary>
    /// <exception cref="Errors.EngineException">AlreadyExists.</exception>
    Task<VolumeFile> RenameAsync(string volume, string path, string newPath, CancellationToken cancellationToken = default);

    /// <summary>Removes a file, link or folder.</summary>
    /// <exception cref="Errors.EngineException">Conflict: a folder that is not empty, without <paramref name="recursive"/>.</exception>
    Task DeleteAsync(string volume, string path, bool recursive = false, CancellationToken cancellationToken = default);
}
