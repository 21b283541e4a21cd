namespace Portal.Engine.Runtime;

/// <summary>A process of an exec that an earlier engine started.</summary>
/// <param name="ProcessId">In the host's numbers; 0 when it has ended.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Kept">The newest of its output: 1 MiB at most.</param>
/// <param name="Start">The position of the first byte of <paramref name="Kept"/>, counted from the program's first byte of output. What was before it is lost.</param>
/// <param name="Streams">Its streams: what is read there comes right behind <paramref name="Kept"/>. When it has ended, their end.</param>
public sealed record TakenExec(
    int ProcessId, IReadOnlyList<string> Command, ReadOnlyMemory<byte> Kept, long Start, IProcessStreams Streams);
