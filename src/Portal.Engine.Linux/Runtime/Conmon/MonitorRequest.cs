namespace Portal.Engine.Linux.Runtime.Conmon;

/// <summary>A process to start under a monitor.</summary>
internal sealed record MonitorRequest
{
    public required string ContainerId { get; init; }

    /// <summary>Set for an exec.</summary>
    public string? ExecId { get; init; }

    public required ProcessFolder Folder { get; init; }

    public required OciRuntime Runtime { get; init; }

    public required bool Terminal { get; init; }

    /// <summary>Make a pipe (or keep the terminal open) for input.</summary>
    public required bool Stdin { get; init; }

    /// <summary>Keep the input open when a client goes.</summary>
    public required bool LeaveStdinOpen { get; init; }

    /// <summary>The log file; empty for none.</summary>
    public string LogPath { get; init; } = "";

    /// <summary>In bytes: the monitor itself then goes on in a new file that takes the old one's name. 0 for any size.</summary>
    public int LargestLog { get; init; }

    /// <summary>
    /// For an exec: called when the attach socket is there and before the program starts, so that no output is
    /// missed.
    /// </summary>
    public Func<Task>? Attach { get; init; }
}
