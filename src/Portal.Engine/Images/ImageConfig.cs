using Portal.Engine.Containers.Health;

namespace Portal.Engine.Images;

/// <summary>The part of an image's configuration that containers inherit (image-spec, <c>config.md</c>).</summary>
public sealed record ImageConfig
{
    /// <summary>User, in the forms <c>user</c>, <c>uid</c>, <c>user:group</c>, <c>uid:gid</c>; empty for root.</summary>
    public string User { get; init; } = "";

    /// <summary>Variables in the form <c>NAME=VALUE</c>.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The program and its first arguments; null when not set.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Default arguments to the entrypoint, or the program when there is none; null when not set.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Absolute path in the container; empty for the root.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary>Ports that the image listens on, in the form <c>80/tcp</c>.</summary>
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];

    /// <summary>Paths that shall be volumes.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The signal that asks the container to end, such as <c>SIGTERM</c>; empty for the default.</summary>
    public string StopSignal { get; init; } = "";

    /// <summary>How the health of containers is found out (Docker's addition to the specification); null when not set.</summary>
    public Healthcheck? Healthcheck { get; init; }

    /// <summary>The shell of the image's commands in shell form (Docker's addition); null when not set.</summary>
    public IReadOnlyList<string>? Shell { get; init; }

    /// <summary>Instructions for builds that start from the image.</summary>
    public IReadOnlyList<string> OnBuild { get; init; } = [];
}
