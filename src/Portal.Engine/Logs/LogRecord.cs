using Portal.Engine.Runtime;

namespace Portal.Engine.Logs;

/// <summary>
/// One write of a container's log: a line, or a part of a line that was too long or not ended.
/// </summary>
/// <param name="Time">When the monitor read it.</param>
/// <param name="Source">The stream.</param>
/// <param name="Data">The bytes as they came, with the newline when <paramref name="Partial"/> is false.</param>
/// <param name="Partial">True when the line goes on in the next record of the same stream.</param>
public readonly record struct LogRecord(DateTimeOffset Time, OutputSource Source, ReadOnlyMemory<byte> Data, bool Partial);
