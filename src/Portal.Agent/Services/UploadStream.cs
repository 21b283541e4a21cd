using Google.Protobuf;
using Grpc.Core;
using Portal.Engine.Content;

namespace Portal.Agent.Services;

/// <summary>An upload's messages as one stream. Reads the next message when the last is used up, so that HTTP/2
/// holds the sender up.</summary>
internal sealed class UploadStream<T>(IAsyncStreamReader<T> requests, Func<T, ByteString> unwrap) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _rest;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_rest.IsEmpty)
        {
            if (!await requests.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                return 0;
            }

            _rest = unwrap(requests.Current).Memory;
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    // Parsers that know no other way; they run on threads of their own.
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
}
