namespace Portal.Engine.Volumes.Backups;

/// <summary>
/// Volumes to and from archives, in streams. Containers that are paused or stopped for it are brought back after success, failure,
/// cancellation, and a crash of the engine: what was done to them is written down before it is done.
/// </summary>
public interface IVolumeBackups
{
    /// <summary>Writes a volume as an archive (see <see cref="Drivers.IVolumeArchives"/>).</summary>
    /// <param name="volume">Which.</param>
    /// <param name="users">What becomes of containers that run with it. They are held for as long as the archive is written.</param>
    /// <param name="output">Not disposed.</param>
    /// <param name="progress">Told how far it is; may be null.</param>
    /// <param name="cancellationToken">Stops; the archive is then incomplete.</param>
    /// <exception cref="Errors.EngineException">
    /// NotFound. Conflict: a container can't be held so; the volume is being restored.
    /// </exception>
    Task<VolumeArchived> BackupAsync(
        string volume, VolumeUserHandling users, Stream output, IProgress<VolumeTransferProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Puts an archive's files into a volume. They are unpacked aside and the checksum is compared first; then they take the volume's place
    /// at once. After any failure, and a crash at any moment, the volume is as it was or wholly restored. Where something is mounted, the
    /// files are unpacked on it and take their place one name after the other; a crash meanwhile is ended before anybody uses the volume.
    /// </summary>
    /// <param name="request">Where to.</param>
    /// <param name="archive">Read to its end; not disposed.</param>
    /// <param name="progress">Told how far it is; may be null.</param>
    /// <param name="cancellationToken">Stops until the files are swapped.</param>
    /// <exception cref="Errors.EngineException">
    /// NotFound. AlreadyExists. InvalidArgument: the archive is malformed, damaged or hostile; the volume is in memory without users. Conflict: it is not
    /// empty, or in use. Unavailable: the disk is full.
    /// </exception>
    Task<VolumeUnpacked> RestoreAsync(
        VolumeRestore request, Stream archive, IProgress<VolumeTransferProgress>? progress = null,
        CancellationToken cancellationToken = default);
}
