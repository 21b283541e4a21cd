namespace Portal.Engine.Content;

/// <summary>Decompresses archives in the forms that .NET has nothing for.</summary>
public interface IArchiveDecoder
{
    /// <summary>
    /// A stream of the decompressed bytes, of several compressed streams one after another too. Reading throws
    /// <see cref="InvalidDataException"/> on input that is malformed, cut off, or needs more memory than is allowed.
    /// </summary>
    /// <param name="format">How it is compressed.</param>
    /// <param name="compressed">Read front to back; disposed with the result.</param>
    /// <exception cref="Errors.EngineException">Unavailable: the host lacks the library that does it.</exception>
    Stream Decompress(CompressionFormat format, Stream compressed);
}
