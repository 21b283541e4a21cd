namespace Portal.Engine.Runtime;

/// <summary>Bytes that a process wrote.</summary>
/// <param name="Source">To which stream.</param>
/// <param name="Data">The bytes, as they came.</param>
public readonly record struct OutputChunk(OutputSource Source, ReadOnlyMemory<byte> Data);
