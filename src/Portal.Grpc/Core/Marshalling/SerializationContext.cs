using System.Buffers;

namespace Grpc.Core;

/// <summary>
/// Where a serializer puts one message: either whole through <see cref="Complete(byte[])"/>, or in pieces through
/// <see cref="GetBufferWriter"/> and then <see cref="Complete()"/>. Valid only during the call of the serializer.
/// </summary>
public abstract class SerializationContext
{
    /// <summary>Hands over the whole message.</summary>
    public virtual void Complete(byte[] payload) => throw new NotSupportedException();

    /// <summary>Gets the writer for the message's bytes.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotSupportedException();

    /// <summary>Announces the exact length of the message in bytes, before the first byte is written.</summary>
    public virtual void SetPayloadLength(int payloadLength)
    {
    }

    /// <summary>Says that the message is complete.</summary>
    public virtual void Complete() => throw new NotSupportedException();
}
