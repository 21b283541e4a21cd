namespace Portal.Engine.Containers;

/// <summary>A process of a container.</summary>
/// <param name="ProcessId">In the host's numbers.</param>
/// <param name="ParentProcessId">In the host's numbers.</param>
/// <param name="User">Numeric user id in the host's numbers.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="CpuTime">Processor time used.</param>
/// <param name="Command">Its command line.</param>
public sealed record ContainerProcess(
    int ProcessId,
    int ParentProcessId,
    string User,
    DateTimeOffset StartedAt,
    TimeSpan CpuTime,
    string Command);
