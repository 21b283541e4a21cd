namespace Portal.Engine.Runtime;

/// <summary>The end of a process.</summary>
/// <param name="ContainerId">Its container.</param>
/// <param name="ExecId">The exec, or null for the container's main process.</param>
/// <param name="ExitCode">0 to 255; 128 plus the signal's number when a signal ended it.</param>
/// <param name="FinishedAt">When, by the monitor's record.</param>
/// <param name="OutOfMemory">True when the kernel killed it for want of memory.</param>
public sealed record ProcessExit(string ContainerId, string? ExecId, int ExitCode, DateTimeOffset FinishedAt, bool OutOfMemory)
{
    /// <summary>True for an exec whose output is kept (<see cref="RuntimeExec.KeepOutput"/>).</summary>
    public bool OutputIsKept { get; init; }
}
