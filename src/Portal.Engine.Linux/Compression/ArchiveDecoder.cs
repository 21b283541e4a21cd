using Portal.Engine.Content;
using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Compression;

/// <summary>Decompression through the host's liblzma and libbz2.</summary>
internal sealed class ArchiveDecoder : IArchiveDecoder
{
    public Stream Decompress(CompressionFormat format, Stream compressed)
    {
        try
        {
            return new NativeDecoderStream(compressed, format == CompressionFormat.Xz ? new XzDecoder() : new Bzip2Decoder());
        }
        catch (DllNotFoundException failure)
        {
            var (name, package) = format == CompressionFormat.Xz ? ("xz", "liblzma5") : ("bzip2", "libbz2-1.0");
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"The archive is compressed with {name}, and this host has no library for that. Install the package '{package}' and try again.",
                failure);
        }
    }
}
