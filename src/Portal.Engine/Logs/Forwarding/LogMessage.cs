using Portal.Engine.Runtime;

namespace Portal.Engine.Logs.Forwarding;

/// <summary>A line to be sent.</summary>
/// <param name="Time">When its first part was written.</param>
/// <param name="Source">The stream.</param>
/// <param name="Line">The bytes, without the newline; at most <see cref="LogAssembler.LongestLine"/>.</param>
/// <param name="Partial">True when the line goes on in the next message of the same stream.</param>
internal readonly record struct LogMessage(DateTimeOffset Time, OutputSource Source, ReadOnlyMemory<byte> Line, bool Partial);
