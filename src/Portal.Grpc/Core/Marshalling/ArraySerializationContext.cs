using System.Buffers;

namespace Grpc.Core;

/// <summary>Collects a message in an array, for the array form of a marshaller.</summary>
internal sealed class ArraySerializationContext : SerializationContext
{
    private ArrayBufferWriter<byte>? _writer;
    private byte[]? _payload;
    private int _length;

    public override void Complete(byte[] payload) => _payload = payload;

    public override void SetPayloadLength(int payloadLength) => _length = payloadLength;

    public override IBufferWriter<byte> GetBufferWriter() =>
        _writer ??= _length > 0 ? new ArrayBufferWriter<byte>(_length) : new ArrayBufferWriter<byte>();

    public override void Complete() => _payload = _writer?.WrittenSpan.ToArray() ?? [];

    public byte[] ToArray() =>
        _payload ?? throw new InvalidOperationException("The serializer did not complete the message.");
}
