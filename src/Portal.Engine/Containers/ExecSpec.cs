namespace Portal.Engine.Containers;

/// <summary>An additional process for a running container.</summary>
public sealed record ExecSpec
{
    /// <summary>The program and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Variables added to the container's.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Instead of the container's working directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Instead of the container's user.</summary>
    public string? User { get; init; }

    /// <summary>Give it a terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>Connect standard input.</summary>
    public bool OpenStdin { get; init; }

    /// <summary>Show its standard output to who starts it. The engine only tells of it.</summary>
    public bool AttachStdout { get; init; } = true;

    /// <summary>Show its standard error to who starts it. The engine only tells of it.</summary>
    public bool AttachStderr { get; init; } = true;

    /// <summary>The keys that leave its terminal, in Docker's notation; empty for the default. The engine only tells of them.</summary>
    public string DetachKeys { get; init; } = "";

    /// <summary>
    /// Keep the newest of its output beside its monitor, so that an engine that starts anew can take the exec over
    /// (<see cref="IExecs.TakeOverAsync"/>). Takes a terminal, and memory of the run folder: 4 to 8 MiB at most.
    /// </summary>
    public bool KeepOutput { get; init; }

    /// <summary>All capabilities.</summary>
    public bool Privileged { get; init; }
}
