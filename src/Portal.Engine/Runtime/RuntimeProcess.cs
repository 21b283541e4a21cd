namespace Portal.Engine.Runtime;

/// <summary>A process to run in a container (runtime-spec, <c>config.md</c>, "Process").</summary>
public sealed record RuntimeProcess
{
    /// <summary>The program and its arguments; at least the program.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Variables in the form <c>NAME=VALUE</c>, complete.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Absolute path in the container; made when it is not there. Empty for the root.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary><c>user</c>, <c>uid</c>, <c>user:group</c>, ...; names are looked up in the container's own passwd and group. Empty for root.</summary>
    public string User { get; init; } = "";

    /// <summary>Give it a terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>The terminal's first size, or null.</summary>
    public TerminalSize? Size { get; init; }
}
