using Portal.Engine.Volumes.Backups;

namespace Portal.Engine.Volumes.Drivers;

/// <summary>
/// Archives of volumes: tar in zstd (<c>volume.json</c>, then <c>data/</c>), and at the end a frame that decoders pass over, with the
/// SHA-256 of all before it.
/// </summary>
public interface IVolumeArchives
{
    /// <summary>Writes a folder as an archive. The same files give the same bytes.</summary>
    /// <param name="folder">The volume's files.</param>
    /// <param name="header">The content of <c>volume.json</c>.</param>
    /// <param name="output">Not disposed.</param>
    /// <param name="progress">Told entries and bytes.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="Errors.EngineException">Internal: reading failed. Unavailable: the host lacks a library.</exception>
    Task<VolumeArchived> WriteAsync(
        string folder, ReadOnlyMemory<byte> header, Stream output, Action<long, long> progress, CancellationToken cancellationToken);

    /// <summary>Unpacks an archive into an empty folder, and compares its checksum. The folder is on the disk when this returns.</summary>
    /// <exception cref="Errors.EngineException">
    /// InvalidArgument: the archive is malformed, damaged, cut off, hostile, or too large. Unavailable: the disk is full.
    /// </exception>
    Task<VolumeUnpacked> ReadAsync(Stream archive, string folder, Action<long, long> progress, CancellationToken cancellationToken);

    /// <summary>Lets two folders change places at once (renameat2(2), RENAME_EXCHANGE), and has that on the disk.</summary>
    void Exchange(string folder, string other);
}
