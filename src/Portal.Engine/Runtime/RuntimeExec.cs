namespace Portal.Engine.Runtime;

/// <summary>One more process for a running container.</summary>
public sealed record RuntimeExec
{
    /// <summary>The container's full id.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The exec's id, 64 hexadecimal digits.</summary>
    public required string ExecId { get; init; }

    /// <summary>The process.</summary>
    public required RuntimeProcess Process { get; init; }

    /// <summary>All capabilities.</summary>
    public bool Privileged { get; init; }

    /// <summary>Connect standard input.</summary>
    public bool OpenStdin { get; init; }

    /// <summary>Let the monitor write its output down, so that <see cref="IContainerRuntime.TakeOverExecAsync"/> finds it. Takes a terminal.</summary>
    public bool KeepOutput { get; init; }

    /// <summary>Start it and let it be.</summary>
    public bool Detach { get; init; }
}
