namespace Portal.Contracts.Hubs;

/// <summary>A container as lists show it.</summary>
public sealed record ContainerView
{
    /// <summary>64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The image, as the user wrote it.</summary>
    public string Image { get; init; } = "";

    /// <summary>The id of the image that it was made of; empty from agents that don't tell.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>The program with its arguments, in one line.</summary>
    public string Command { get; init; } = "";

    /// <summary>
    /// In Docker's words: <c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>exited</c>,
    /// <c>removing</c>, <c>dead</c>.
    /// </summary>
    public required string State { get; init; }

    /// <summary>In Docker's words: <c>starting</c>, <c>healthy</c>, <c>unhealthy</c>; empty without a check.</summary>
    public string Health { get; init; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When it was last started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it last ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How it last ended.</summary>
    public int ExitCode { get; init; }

    /// <summary>True when the kernel killed it for want of memory.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>Why its last start failed; empty when it did not.</summary>
    public string Error { get; init; } = "";

    /// <summary>How often its policy has started it again.</summary>
    public int RestartCount { get; init; }

    /// <summary>Published ports in Docker's form: <c>0.0.0.0:8080->80/tcp</c>.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>IPv4 address on its first network; empty while it does not run.</summary>
    public string Address { get; init; } = "";

    /// <summary>Restart policy in Docker's words.</summary>
    public string RestartPolicy { get; init; } = "no";

    /// <summary>The user namespace that was asked for, as in <c>--userns</c>; empty for the node's setting.</summary>
    public string UsernsMode { get; init; } = "";

    /// <summary>The user on the host who is root inside; null when the ids are the host's, or the agent is too old to tell.</summary>
    public uint? RootOnHost { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
