using System.IO.Compression;
using Portal.Engine.Errors;

namespace Portal.Engine.Content;

/// <summary>
/// Opens plain, gzip, Zstandard, bzip2 and xz streams alike, by their first bytes: media types are often wrong, and archives have none.
/// </summary>
internal sealed class Decompression(IZstandardDecoder? zstandard = null, IArchiveDecoder? others = null)
{
    /// <summary>The decompressed stream. Disposing it disposes the given one.</summary>
    /// <exception cref="EngineException">InvalidArgument: compressed in a way that is not supported. Unavailable: this host
    /// lacks the library for it.</exception>
    public async Task<Stream> OpenAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new byte[6];
        var length = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        var whole = new PrefixedStream(head.AsMemory(0, length), stream);
        return head.AsSpan(0, length) switch
        {
            [0x1F, 0x8B, ..] => new GZipStream(whole, CompressionMode.Decompress),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => zstandard?.Decompress(whole) ?? throw Unsupported("zstd"),
            [0x42, 0x5A, 0x68, >= 0x31 and <= 0x39, ..] =>
                others?.Decompress(CompressionFormat.Bzip2, whole) ?? throw Unsupported("bzip2"),
            [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00] => others?.Decompress(CompressionFormat.Xz, whole) ?? throw Unsupported("xz"),
            _ => whole,
        };
    }

    private static EngineException Unsupported(string format) =>
        EngineException.InvalidArgument($"The archive or layer is compressed with {format}, which is not supported here. Use gzip.");
}
