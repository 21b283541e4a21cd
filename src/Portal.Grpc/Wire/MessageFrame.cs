using System.Buffers.Binary;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>The five bytes before each message: whether it is compressed, and its length, big endian.</summary>
internal static class MessageFrame
{
    public const int HeaderLength = 5;

    public static void WriteHeader(Span<byte> target, int length)
    {
        target[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(target[1..], (uint)length);
    }

    /// <summary>Reads a header; fails on an unknown flag and on a message above the limit.</summary>
    public static (bool Compressed, int Length) ReadHeader(ReadOnlySpan<byte> header, int? maxReceiveSize)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (header[0] > 1)
        {
            throw WireErrors.Internal($"Unexpected compressed flag value {header[0]} in message header.");
        }

        return length > (uint)(maxReceiveSize ?? Array.MaxLength)
            ? throw WireErrors.ReceivedTooLarge
            : (header[0] == 1, (int)length);
    }

    /// <summary>Fails on a message above the limit for sending.</summary>
    public static void CheckSendSize(int length, int? maxSendSize)
    {
        if (length > (maxSendSize ?? int.MaxValue))
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                "Sending message exceeds the maximum configured message size."));
        }
    }
}
