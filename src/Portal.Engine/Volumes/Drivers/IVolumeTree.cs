using Portal.Engine.Volumes.Contents;

namespace Portal.Engine.Volumes.Drivers;

/// <summary>
/// The tree of one volume on the kernel: <see cref="IVolumeContents"/> says what the members do and what they throw. Those that don't wait
/// for others run on the caller's thread. One caller at a time.
/// </summary>
public interface IVolumeTree : IDisposable
{
    /// <inheritdoc cref="IVolumeContents.ListAsync"/>
    VolumePage List(VolumePath path, VolumeListing listing, CancellationToken cancellationToken);

    /// <inheritdoc cref="IVolumeContents.StatAsync"/>
    VolumeFile Stat(VolumePath path);

    /// <inheritdoc cref="IVolumeContents.ReadAsync"/>
    Task ReadAsync(
        VolumePath path, long offset, long length, Func<VolumeFile, ValueTask<Stream>> open, CancellationToken cancellationToken);

    /// <inheritdoc cref="IVolumeContents.ReadArchiveAsync"/>
    Task ReadArchiveAsync(VolumePath path, Func<VolumeFile, ValueTask<Stream>> open, CancellationToken cancellationToken);

    /// <inheritdoc cref="IVolumeContents.WriteAsync"/>
    Task<VolumeFile> WriteAsync(VolumePath path, VolumeWrite how, Stream content, CancellationToken cancellationToken);

    /// <inheritdoc cref="IVolumeContents.MakeFolderAsync"/>
    VolumeFile MakeFolder(VolumePath path, int mode);

    /// <inheritdoc cref="IVolumeContents.RenameAsync"/>
    VolumeFile Rename(VolumePath path, VolumePath newPath);

    /// <inheritdoc cref="IVolumeContents.DeleteAsync"/>
    void Delete(VolumePath path, bool recursive);
}
