using System.Buffers;
using System.Buffers.Binary;

namespace Portal.Engine.Content;

/// <summary>
/// Compresses streams with gzip in pieces, several at once, so that one large stream keeps several processors busy. What comes out is one
/// member, which readers take that know of no second one; the same bytes for the same stream, however it is read.
/// </summary>
/// <param name="processors">How many pieces are compressed at once, of all streams together.</param>
internal sealed class PieceGzip(int processors) : IDisposable
{
    // No name, no time, no system (RFC 1952, 2.3): nothing of this host, and the same at any time.
    private static readonly byte[] s_header = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];

    // An empty last block (RFC 1951, 3.2.6).
    private static readonly byte[] s_end = [0x03, 0x00];

    private readonly SemaphoreSlim _processors = new(processors);

    /// <param name="source">What is compressed; read in order.</param>
    /// <param name="target">Takes the member.</param>
    /// <param name="onRead">Told what was read.</param>
    /// <param name="cancellationToken">Stops it; when it has stopped, by whatever, nothing of it runs any more.</param>
    public async Task CompressAsync(
        Stream source, Stream target, Action<ReadOnlyMemory<byte>> onRead, CancellationToken cancellationToken)
    {
        var pieces = new Queue<(Task<GzipPiece> Piece, int Length)>();
        var (checkSum, total) = (0u, 0L);
        try
        {
            await target.WriteAsync(s_header, cancellationToken).ConfigureAwait(false);
            while (await BeginAsync().ConfigureAwait(false))
            {
                if (pieces.Count >= processors)
                {
                    await WriteNextAsync().ConfigureAwait(false);
                }
            }

            while (pieces.Count > 0)
            {
                await WriteNextAsync().ConfigureAwait(false);
            }

            await target.WriteAsync(MakeEnd(), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (var (piece, _) in pieces)
            {
                await DropAsync(piece).ConfigureAwait(false);
            }
        }

        async Task<bool> BeginAsync()
        {
            var plain = ArrayPool<byte>.Shared.Rent(GzipPiece.PlainSize);
            var isHandedOn = false;
            try
            {
                var read = await source.ReadAtLeastAsync(
                    plain.AsMemory(0, GzipPiece.PlainSize), GzipPiece.PlainSize, throwOnEndOfStream: false, cancellationToken)
                    .ConfigureAwait(false);
                if (read > 0)
                {
                    onRead(plain.AsMemory(0, read));
                    isHandedOn = true;
                    pieces.Enqueue((CompressAsync(plain, read, cancellationToken), read));
                }

                return read > 0;
            }
            finally
            {
                if (!isHandedOn)
                {
                    ArrayPool<byte>.Shared.Return(plain);
                }
            }
        }

        async Task WriteNextAsync()
        {
            var (task, length) = pieces.Peek();
            var piece = await task.ConfigureAwait(false);
            pieces.Dequeue();
            using (piece)
            {
                await target.WriteAsync(piece.Content, cancellationToken).ConfigureAwait(false);
                checkSum = Crc32.Combine(checkSum, piece.CheckSum, length);
                total += length;
            }
        }

        byte[] MakeEnd()
        {
            var end = new byte[s_end.Length + 8];
            s_end.CopyTo(end, 0);
            BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(s_end.Length), checkSum);
            BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(s_end.Length + 4), (uint)total);
            return end;
        }
    }

    public void Dispose() => _processors.Dispose();

    /// <summary>Takes over the bytes, and gives them back to the pool.</summary>
    private async Task<GzipPiece> CompressAsync(byte[] plain, int length, CancellationToken cancellationToken)
    {
        try
        {
            await _processors.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await Task.Run(() => GzipPiece.Compress(plain, 0, length), cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _processors.Release();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    private static async Task DropAsync(Task<GzipPiece> piece)
    {
        await ((Task)piece).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (piece.IsCompletedSuccessfully)
        {
            (await piece.ConfigureAwait(false)).Dispose();
        }
    }
}
