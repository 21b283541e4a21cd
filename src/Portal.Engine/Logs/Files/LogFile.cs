using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Logs.Files;

/// <summary>An open log file. It stays readable when it is renamed or removed.</summary>
internal sealed class LogFile : IDisposable
{
    private const int BlockSize = 4096;
    private readonly SafeFileHandle _handle;

    private LogFile(SafeFileHandle handle, int number)
    {
        _handle = handle;
        Number = number;
    }

    /// <summary>Its place in the chain.</summary>
    public int Number { get; }

    public long Length => RandomAccess.GetLength(_handle);

    public static LogFile? TryOpen(string path, int number)
    {
        try
        {
            return new LogFile(
                File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), number);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Fills as much of the buffer as there is.</summary>
    public int Read(Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(_handle, buffer[total..], offset + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    /// <summary>Bytes of the whole lines in it now: what is behind the last newline is still written, or never will be.</summary>
    public long LengthOfLines()
    {
        var buffer = new byte[BlockSize];
        for (var end = Length; end > 0;)
        {
            var start = Math.Max(end - buffer.Length, 0);
            var read = Read(buffer.AsSpan(0, (int)(end - start)), start);
            var newline = buffer.AsSpan(0, read).LastIndexOf((byte)'\n');
            if (newline >= 0)
            {
                return start + newline + 1;
            }

            end = start;
        }

        return 0;
    }

    public void Dispose() => _handle.Dispose();
}
