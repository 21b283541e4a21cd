using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Messages;

/// <summary>Takes messages out of the body of a request, straight from the buffers of the connection.</summary>
internal sealed class RequestMessageReader(HttpRequest request, int? maxReceiveSize)
{
    private readonly PayloadDeserializationContext _context = new();

    /// <summary>The compression that the client named.</summary>
    public string? Encoding { get; set; }

    /// <summary>Reads the one message of a request, and its end.</summary>
    public async ValueTask<T> ReadSingleAsync<T>(Func<DeserializationContext, T> deserializer, CancellationToken cancellationToken)
        where T : class
    {
        var message = await ReadAsync(deserializer, cancellationToken).ConfigureAwait(false)
            ?? throw WireErrors.Internal("Incomplete message.");
        var rest = await ReadBodyAsync(cancellationToken).ConfigureAwait(false);
        var hasMore = !rest.Buffer.IsEmpty;
        request.BodyReader.AdvanceTo(rest.Buffer.End);
        return hasMore ? throw WireErrors.Internal("Additional data after the message received.") : message;
    }

    /// <summary>Reads the next message; null at the end of the body.</summary>
    public async ValueTask<T?> ReadAsync<T>(Func<DeserializationContext, T> deserializer, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            var result = await ReadBodyAsync(cancellationToken).ConfigureAwait(false);
            var (consumed, examined) = (result.Buffer.Start, result.Buffer.End);
            try
            {
                if (TryTake(result.Buffer, out var payload, out var compressed))
                {
                    consumed = examined = payload.End;
                    return _context.Deserialize(deserializer, payload, compressed, Encoding, maxReceiveSize);
                }

                if (result.IsCompleted)
                {
                    return result.Buffer.IsEmpty ? null : throw WireErrors.Internal("Incomplete message.");
                }
            }
            finally
            {
                request.BodyReader.AdvanceTo(consumed, examined);
            }
        }
    }

    private bool TryTake(in ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> payload, out bool compressed)
    {
        payload = default;
        compressed = false;
        if (buffer.Length < MessageFrame.HeaderLength)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[MessageFrame.HeaderLength];
        buffer.Slice(0, MessageFrame.HeaderLength).CopyTo(header);
        (compressed, var length) = MessageFrame.ReadHeader(header, maxReceiveSize);
        if (buffer.Length - MessageFrame.HeaderLength < length)
        {
            return false;
        }

        payload = buffer.Slice(MessageFrame.HeaderLength, length);
        return true;
    }

    private async ValueTask<ReadResult> ReadBodyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await request.BodyReader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            // The client reset the stream or the connection broke: for a handler that is the end of its call.
            throw new CallEndedException(exception, cancellationToken);
        }
    }
}
