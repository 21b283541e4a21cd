using Portal.Engine.Linux.Runtime.Oci.Limits;

namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary><c>process</c>; also the whole file that <c>exec --process</c> takes.</summary>
internal sealed record OciProcess
{
    public bool Terminal { get; init; }

    public OciConsoleSize? ConsoleSize { get; init; }

    public required OciUser User { get; init; }

    public required IReadOnlyList<string> Args { get; init; }

    public required IReadOnlyList<string> Env { get; init; }

    public required string Cwd { get; init; }

    public OciCapabilities? Capabilities { get; init; }

    public IReadOnlyList<OciRlimit>? Rlimits { get; init; }

    public int? OomScoreAdj { get; init; }

    public string? ApparmorProfile { get; init; }

    public bool NoNewPrivileges { get; init; }
}
