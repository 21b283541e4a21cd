using Microsoft.Win32.SafeHandles;
using Portal.Engine.Archives;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Trees;

/// <summary>Copies a file's data into an archive: as many bytes as its header said, whatever becomes of the file meanwhile.</summary>
internal sealed class TreeData(TarOutput output)
{
    private const int BufferSize = 256 * 1024;
    private static readonly byte[] s_zeros = new byte[BufferSize];
    private readonly byte[] _buffer = new byte[BufferSize];

    public async ValueTask CopyAsync(SafeFileHandle file, long size, CancellationToken cancellationToken)
    {
        var at = 0L;
        while (at < size && FileCalls.NextData(file, at) is { } data && data.Start < size)
        {
            await FillAsync(data.Start - at, cancellationToken).ConfigureAwait(false);
            at = await CopyAsync(file, data.Start, Math.Min(data.End, size), cancellationToken).ConfigureAwait(false);
            if (at < Math.Min(data.End, size))
            {
                // Cut shorter while it is read.
                break;
            }
        }

        await FillAsync(size - at, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<long> CopyAsync(SafeFileHandle file, long at, long end, CancellationToken cancellationToken)
    {
        while (at < end)
        {
            var read = RandomAccess.Read(file, _buffer.AsSpan(0, (int)Math.Min(BufferSize, end - at)), at);
            if (read == 0)
            {
                break;
            }

            await output.WriteAsync(_buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            at += read;
        }

        return at;
    }

    private async ValueTask FillAsync(long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            var written = (int)Math.Min(count, BufferSize);
            await output.WriteAsync(s_zeros.AsMemory(0, written), cancellationToken).ConfigureAwait(false);
            count -= written;
        }
    }
}
