using System.Buffers;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>
/// Serializes one message with its frame header into a pooled buffer. Reusable: <see cref="Reset"/> between messages.
/// </summary>
internal sealed class FrameSerializationContext(int? maxSendSize) : SerializationContext, IDisposable
{
    private PooledBufferWriter? _writer;
    private bool _completed;

    /// <summary>The header and the message; valid until the next reset.</summary>
    public ReadOnlyMemory<byte> Frame => _completed
        ? _writer!.WrittenMemory
        : throw WireErrors.Internal("The serializer did not complete the message.");

    public void Reset()
    {
        _writer?.Clear();
        _completed = false;
    }

    public override void SetPayloadLength(int payloadLength)
    {
        MessageFrame.CheckSendSize(payloadLength, maxSendSize);
        _writer ??= new PooledBufferWriter(payloadLength + MessageFrame.HeaderLength);
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        _writer ??= new PooledBufferWriter();
        if (_writer.WrittenCount == 0)
        {
            _writer.GetSpan(MessageFrame.HeaderLength);
            _writer.Advance(MessageFrame.HeaderLength);
        }

        return _writer;
    }

    public override void Complete()
    {
        GetBufferWriter();
        var length = _writer!.WrittenCount - MessageFrame.HeaderLength;
        MessageFrame.CheckSendSize(length, maxSendSize);
        MessageFrame.WriteHeader(_writer.WrittenSpan, length);
        _completed = true;
    }

    public override void Complete(byte[] payload)
    {
        MessageFrame.CheckSendSize(payload.Length, maxSendSize);
        GetBufferWriter().Write(payload);
        Complete();
    }

    public void Dispose()
    {
        _writer?.Dispose();
        _writer = null;
        _completed = false;
    }
}
