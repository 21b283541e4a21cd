namespace Portal.Engine.Runtime;

/// <summary>A process that an exec started.</summary>
/// <param name="ProcessId">In the host's numbers.</param>
/// <param name="Streams">Its streams; null when detached.</param>
public sealed record RuntimeExecProcess(int ProcessId, IProcessStreams? Streams);
