namespace Portal.Compose.Loading;

/// <summary>What is asked for beyond the files.</summary>
public sealed record ComposeOptions
{
    /// <value>The Compose files by path, each laid over those before it; the first one's folder is what paths are relative to.</value>
    public IReadOnlyList<string> Files { get; init; } = ["compose.yaml"];

    /// <value>The project's name; without it that of the files.</value>
    public string? ProjectName { get; init; }

    /// <value>Variables for the files; they win over those of <c>.env</c>.</value>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <value>Profiles that are on; without any those of the variable COMPOSE_PROFILES. An asterisk is all of them.</value>
    public IReadOnlyList<string> Profiles { get; init; } = [];

    /// <value>Replicas are on several nodes: they may publish the same port, of each their own node or of all nodes.</value>
    public bool IsSpread { get; init; }

    public ComposeLimits Limits { get; init; } = new();
}
