namespace Portal.Engine.Content;

/// <summary>Decompresses Zstandard (RFC 8878), for which .NET has nothing of its own.</summary>
public interface IZstandardDecoder
{
    /// <summary>A stream of the decompressed bytes. Reading throws <see cref="InvalidDataException"/> on malformed input.</summary>
    /// <param name="compressed">Read front to back; disposed with the result.</param>
    /// <exception cref="Errors.EngineException">Unavailable: the host lacks the library that does it.</exception>
    Stream Decompress(Stream compressed);
}
