namespace Portal.Engine.Runtime;

/// <summary>What is true of a container in the kernel.</summary>
/// <param name="State">Its state.</param>
/// <param name="ProcessId">The init process in the host's numbers; 0 when it has none.</param>
/// <param name="Exit">How it ended, when the monitor wrote that down.</param>
public sealed record RuntimeStatus(RuntimeState State, int ProcessId, ProcessExit? Exit);
