using System.Buffers;
using System.Buffers.Binary;
using Portal.Engine.Runtime;

namespace Portal.Engine.Api.Streams;

/// <summary>Docker's framing of two streams in one: the stream's number, three zero bytes, the length in four bytes, the data.</summary>
internal static class StreamFrame
{
    private const int HeaderBytes = 8;

    public static void WriteHeader(IBufferWriter<byte> output, OutputSource source, int length)
    {
        var header = output.GetSpan(HeaderBytes)[..HeaderBytes];
        header.Clear();
        header[0] = (byte)source;
        BinaryPrimitives.WriteInt32BigEndian(header[4..], length);
        output.Advance(HeaderBytes);
    }
}
