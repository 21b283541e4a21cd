using System.Buffers;
using System.IO.Compression;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>
/// Compressed messages, which are taken but never sent: between portal and agent most bytes are compressed already.
/// </summary>
internal static class MessageCompression
{
    /// <summary>The value of <c>grpc-accept-encoding</c>.</summary>
    public const string Accepted = "identity,gzip,deflate";

    private const string Identity = "identity";
    private const int ChunkSize = 16 * 1024;

    public static bool IsSupported(string? encoding) => encoding is null or "" or Identity or "gzip" or "deflate";

    /// <summary>Decompresses a message; fails when it grows past the limit, however small it came.</summary>
    public static PooledBufferWriter Decompress(string? encoding, in ReadOnlySequence<byte> payload, int? maxReceiveSize)
    {
        var output = new PooledBufferWriter(ChunkSize);
        try
        {
            using var source = Open(encoding, payload);
            var limit = maxReceiveSize ?? Array.MaxLength;
            while (true)
            {
                var read = source.Read(output.GetSpan(ChunkSize));
                if (read == 0)
                {
                    return output;
                }

                output.Advance(read);
                if (output.WrittenCount > limit)
                {
                    throw WireErrors.ReceivedTooLarge;
                }
            }
        }
        catch (InvalidDataException exception)
        {
            output.Dispose();
            throw WireErrors.Internal("A compressed message could not be decompressed.", exception);
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }

    private static Stream Open(string? encoding, in ReadOnlySequence<byte> payload)
    {
        var raw = new SequenceStream(payload);
        return encoding switch
        {
            "gzip" => new GZipStream(raw, CompressionMode.Decompress),
            "deflate" => new ZLibStream(raw, CompressionMode.Decompress),
            null or "" or Identity => throw WireErrors.Internal(
                "A message is marked as compressed but 'grpc-encoding' names no compression."),
            _ => throw new RpcException(new Status(
                StatusCode.Unimplemented, $"The compression '{encoding}' is not supported.")),
        };
    }
}
