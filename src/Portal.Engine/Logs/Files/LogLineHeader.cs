using Portal.Engine.Runtime;

namespace Portal.Engine.Logs.Files;

/// <summary>What stands before the text of a log line.</summary>
/// <param name="Time">When it was written.</param>
/// <param name="Source">The stream.</param>
/// <param name="Partial">True when the line goes on.</param>
/// <param name="Length">Bytes before the text.</param>
internal readonly record struct LogLineHeader(DateTimeOffset Time, OutputSource Source, bool Partial, int Length);
