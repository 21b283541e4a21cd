using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Snapshots;

/// <summary>
/// Bytes on the disk that a new file may share instead of holding a copy, where the file system knows how to (reflinks,
/// ioctl_ficlonerange(2)). Nobody writes them any more.
/// </summary>
/// <param name="File">Open for reading, and this object's.</param>
/// <param name="Offset">Where they begin, a multiple of <see cref="Alignment"/>.</param>
public sealed record SharedFile(SafeFileHandle File, long Offset) : IDisposable
{
    /// <summary>File systems share whole blocks, which are of this size nearly everywhere; others refuse, and get a copy.</summary>
    public const int Alignment = 4096;

    /// <summary>Less than this is copied sooner than shared.</summary>
    public const int LeastBytes = 64 * 1024;

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();
}
