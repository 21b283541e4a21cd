namespace Portal.Engine.Runtime.Limits;

/// <summary>A limit of a process (getrlimit(2)).</summary>
/// <param name="Name">In lower case without <c>RLIMIT_</c>: <c>nofile</c>, <c>nproc</c>, <c>core</c>, ...</param>
/// <param name="Soft">The limit that counts, in the resource's unit; -1 for none.</param>
/// <param name="Hard">What the soft limit may be raised to; -1 for none.</param>
public sealed record Ulimit(string Name, long Soft, long Hard);
