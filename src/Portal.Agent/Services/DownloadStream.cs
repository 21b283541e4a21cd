using Google.Protobuf;
using Grpc.Core;
using Portal.Engine.Content;

namespace Portal.Agent.Services;

/// <summary>
/// What is written goes out as messages of one size; each waits until HTTP/2 takes it, so a slow reader holds the writer up and nothing
/// gathers here. <see cref="FinishAsync"/> sends the rest.
/// </summary>
/// <remarks>One for each download; written to by one.</remarks>
internal sealed class DownloadStream<T>(IServerStreamWriter<T> responses, Func<ByteString, T> wrap) : WriteOnlyStream
{
    // The contract allows no more in a message.
    private const int PieceSize = 256 * 1024;
    private readonly byte[] _piece = new byte[PieceSize];
    private int _used;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var count = Math.Min(buffer.Length, PieceSize - _used);
            buffer[..count].CopyTo(_piece.AsMemory(_used));
            _used += count;
            buffer = buffer[count..];
            if (_used == PieceSize)
            {
                await FinishAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Sends what has gathered.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (_used > 0)
        {
            var message = wrap(ByteString.CopyFrom(_piece, 0, _used));
            _used = 0;
            await responses.WriteAsync(message, cancellationToken).ConfigureAwait(false);
        }
    }
}
