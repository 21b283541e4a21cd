using System.Buffers.Binary;

namespace Portal.Engine.Networks.Dns;

/// <summary>Messages on a stream: each with its length in front (RFC 1035, 4.2.2).</summary>
internal static class DnsStream
{
    /// <summary>The next message; null at the stream's end, or when it is longer than allowed.</summary>
    public static async Task<byte[]?> ReadAsync(Stream stream, int longest, CancellationToken cancellationToken)
    {
        var head = new byte[2];
        if (await stream.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < 2)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(head);
        if (length > longest)
        {
            return null;
        }

        var message = new byte[length];
        var read = await stream.ReadAtLeastAsync(message, length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return read == length ? message : null;
    }

    public static async Task WriteAsync(Stream stream, byte[] message, CancellationToken cancellationToken)
    {
        var framed = new byte[message.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancellationToken).ConfigureAwait(false);
    }
}
