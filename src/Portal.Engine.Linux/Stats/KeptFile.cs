using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Linux.Stats;

/// <summary>
/// One of the kernel's files that is read again and again: opened once and read from its beginning with pread(2), which costs a tenth of
/// opening, reading and closing it.
/// </summary>
/// <remarks>
/// Not thread-safe. An open file keeps no cgroup from being removed; reading it fails from then on, and the path is tried anew, as the
/// container may have been started again.
/// </remarks>
/// <param name="path">Its path; null for one that the host does not have.</param>
internal sealed class KeptFile(string? path) : IDisposable
{
    private SafeFileHandle? _handle;

    /// <summary>Reads it.</summary>
    /// <param name="buffer">Where to; larger than what the kernel writes.</param>
    /// <returns>The bytes in it; none when the file, or what it tells of, is gone.</returns>
    public ReadOnlySpan<byte> Read(byte[] buffer)
    {
        if (_handle is not null && TryRead(buffer, out var length))
        {
            return buffer.AsSpan(0, length);
        }

        Dispose();
        if (path is null || !File.Exists(path))
        {
            return [];
        }

        try
        {
            // Others may have it open for writing: no lock is wanted.
            _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }

        return TryRead(buffer, out length) ? buffer.AsSpan(0, length) : [];
    }

    public void Dispose()
    {
        _handle?.Dispose();
        _handle = null;
    }

    private bool TryRead(byte[] buffer, out int length)
    {
        length = 0;
        try
        {
            // The kernel writes such a file in one piece.
            length = RandomAccess.Read(_handle!, buffer, 0);
            return true;
        }
        catch (IOException)
        {
            // ENODEV: the cgroup was removed.
            return false;
        }
    }
}
