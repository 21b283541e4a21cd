namespace Portal.Engine.Runtime;

/// <summary>What to start on the host.</summary>
public sealed record HostShellRequest
{
    /// <summary>The program, by a name in the usual folders or an absolute path, and its arguments; empty for the best shell that is there.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>A user of the host; empty for root.</summary>
    public string User { get; init; } = "";

    /// <summary>An absolute path; empty for root's home.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary><c>NAME=VALUE</c>, beside the usual ones.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The terminal's first size.</summary>
    public TerminalSize Size { get; init; }
}
