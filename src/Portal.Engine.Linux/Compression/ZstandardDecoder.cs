using Portal.Engine.Content;
using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Compression;

/// <summary>Decompression through the host's libzstd.</summary>
internal sealed class ZstandardDecoder : IZstandardDecoder
{
    public Stream Decompress(Stream compressed)
    {
        try
        {
            return new ZstandardStream(compressed);
        }
        catch (DllNotFoundException failure)
        {
            throw new EngineException(
                EngineErrorKind.Unavailable,
                "The layer is compressed with zstd, and this host has no library for that. Install the package 'libzstd1' and try again.",
                failure);
        }
    }
}
