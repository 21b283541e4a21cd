using Portal.Engine.Containers.Health;
using Portal.Engine.Networks;
using Portal.Engine.Runtime;

namespace Portal.Engine.Containers.States;

/// <summary>All that changes of a container, as it is in <c>state.json</c>. Immutable: a change is a new record.</summary>
internal sealed record ContainerRecord
{
    public required string Name { get; init; }

    public ContainerState State { get; init; }

    /// <summary>
    /// Written before the kernel is touched for a start, and taken back once its outcome is written: whoever finds it at
    /// its own start knows that something may be half made.
    /// </summary>
    public bool Starting { get; init; }

    /// <summary>When the newest start began. An exit from before it is of an earlier run.</summary>
    public DateTimeOffset? LaunchedAt { get; init; }

    /// <summary>
    /// Its end is written down, but what it had in the kernel may still be there: written before the taking away, so that
    /// the exit code is safe before the monitor's record of it goes.
    /// </summary>
    public bool NeedsCleanUp { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public int ExitCode { get; init; }

    public bool OutOfMemory { get; init; }

    public string Error { get; init; } = "";

    public int ProcessId { get; init; }

    public int RestartCount { get; init; }

    /// <summary>Runs in a row that were too short to be called a success; what the back-off grows with.</summary>
    public int ShortRuns { get; init; }

    /// <summary>A person stopped it: no policy starts it before a person does, but <c>always</c> at the engine's start.</summary>
    public bool StoppedByPerson { get; init; }

    /// <summary>
    /// Its end is half of a restart: written with the wish to stop it, and taken back with the start, so that an engine
    /// that was killed between the two leaves the other half to the next one.
    /// </summary>
    public bool StartAgain { get; init; }

    /// <summary>Frozen only for as long as its files are read: whoever finds it so at its own start thaws it.</summary>
    public bool PausedForCommit { get; init; }

    /// <summary>Removal takes its anonymous volumes too; kept for a removal that goes on after a crash.</summary>
    public bool RemoveVolumes { get; init; }

    /// <summary>How its health stands, or stood at its end; null without a check.</summary>
    public HealthState? Health { get; init; }

    /// <summary>Its limits since somebody changed them; null while they are those of its specification.</summary>
    public RuntimeResources? Resources { get; init; }

    /// <summary>Its policy since somebody changed it; null while it is that of its specification.</summary>
    public RestartPolicy? RestartPolicy { get; init; }

    /// <summary>The networks that it is on since somebody changed them; null while they are those of its specification.</summary>
    public IReadOnlyList<NetworkConnection>? Networks { get; init; }
}
