using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.AspNetCore.Server.Messages;

/// <summary>
/// Serializes messages into a pipe. A serializer that announces its length, as generated code does, writes straight
/// into the pipe after the frame header; any other goes through a pooled buffer, since the header comes first.
/// </summary>
internal sealed class PipeSerializationContext(PipeWriter pipe, int? maxSendSize) : SerializationContext, IBufferWriter<byte>
{
    private PooledBufferWriter? _buffer;
    private int? _announced;
    private int _written;
    private bool _headerWritten;
    private bool _completed;

    public bool HasWritten { get; private set; }

    public bool Corrupted { get; private set; }

    public void Reset()
    {
        if (Corrupted)
        {
            throw new InvalidOperationException("An earlier message was broken off; nothing can follow it.");
        }

        (_announced, _written, _headerWritten, _completed) = (null, 0, false, false);
    }

    /// <summary>Says that the serializer returned; fails when it did not complete its message.</summary>
    public void Finish()
    {
        if (!_completed)
        {
            throw new InvalidOperationException("The serializer did not complete the message.");
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        MessageFrame.CheckSendSize(payloadLength, maxSendSize);
        _announced = payloadLength;
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        if (_announced is not { } length)
        {
            return _buffer ??= new PooledBufferWriter();
        }

        if (!_headerWritten)
        {
            WriteHeader(length);

            // Until the message is complete, the stream is broken should the serializer fail.
            Corrupted = length > 0;
        }

        return this;
    }

    public override void Complete(byte[] payload)
    {
        MessageFrame.CheckSendSize(payload.Length, maxSendSize);
        WriteHeader(payload.Length);
        pipe.Write(payload);
        _completed = true;
    }

    public override void Complete()
    {
        if (_announced is { } length)
        {
            GetBufferWriter();
            Corrupted = _written != length;
            _completed = !Corrupted;
            return;
        }

        using var buffer = _buffer;
        _buffer = null;
        MessageFrame.CheckSendSize(buffer?.WrittenCount ?? 0, maxSendSize);
        WriteHeader(buffer?.WrittenCount ?? 0);
        pipe.Write(buffer is null ? [] : buffer.WrittenSpan);
        _completed = true;
    }

    void IBufferWriter<byte>.Advance(int count)
    {
        _written += count;
        if (_written > _announced)
        {
            throw new InvalidOperationException("The serializer wrote more than the length that it announced.");
        }

        pipe.Advance(count);
    }

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint) => pipe.GetMemory(sizeHint);

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => pipe.GetSpan(sizeHint);

    private void WriteHeader(int length)
    {
        MessageFrame.WriteHeader(pipe.GetSpan(MessageFrame.HeaderLength), length);
        pipe.Advance(MessageFrame.HeaderLength);
        _headerWritten = true;
        HasWritten = true;
    }
}
