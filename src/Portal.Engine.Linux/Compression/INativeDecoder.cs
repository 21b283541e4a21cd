namespace Portal.Engine.Linux.Compression;

/// <summary>A decompressor of a C library, fed piece by piece. One caller.</summary>
internal interface INativeDecoder : IDisposable
{
    /// <summary>True when what was read so far is whole: nothing, or one or more complete streams.</summary>
    bool IsComplete { get; }

    /// <summary>Decompresses as much as fits.</summary>
    /// <param name="input">What was read and not taken yet; empty only at the end of the input.</param>
    /// <param name="output">Where to put it; not empty.</param>
    /// <param name="isEnd">True when no input comes after this.</param>
    /// <returns>Bytes taken and bytes given; both 0 only when there is nothing more to give.</returns>
    /// <exception cref="InvalidDataException">Malformed, or it needs too much memory.</exception>
    (int Taken, int Given) Decode(ReadOnlySpan<byte> input, Span<byte> output, bool isEnd);
}
