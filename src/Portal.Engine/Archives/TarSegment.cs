namespace Portal.Engine.Archives;

/// <summary>A run of data in a sparse file; between runs there are holes.</summary>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Length">Its bytes.</param>
public readonly record struct TarSegment(long Offset, long Length);
