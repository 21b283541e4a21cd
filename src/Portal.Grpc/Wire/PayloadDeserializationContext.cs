using System.Buffers;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Shows a received message to a deserializer. Reusable: one a stream.</summary>
internal sealed class PayloadDeserializationContext : DeserializationContext
{
    private ReadOnlySequence<byte> _payload;

    public override int PayloadLength => (int)_payload.Length;

    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    /// <summary>Makes the message of a payload, decompressed first when it is compressed.</summary>
    public T Deserialize<T>(
        Func<DeserializationContext, T> deserializer,
        ReadOnlySequence<byte> payload,
        bool compressed,
        string? encoding,
        int? maxReceiveSize)
    {
        if (!compressed)
        {
            return Deserialize(deserializer, payload);
        }

        using var plain = MessageCompression.Decompress(encoding, payload, maxReceiveSize);
        return Deserialize(deserializer, new ReadOnlySequence<byte>(plain.WrittenMemory));
    }

    private T Deserialize<T>(Func<DeserializationContext, T> deserializer, ReadOnlySequence<byte> payload)
    {
        _payload = payload;
        try
        {
            return deserializer(this);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw WireErrors.Internal("Failed to deserialize the message.", exception);
        }
        finally
        {
            _payload = default;
        }
    }
}
