namespace Portal.Engine.Api.System.Models;

/// <summary>How registries are reached.</summary>
internal sealed record RegistryConfigModel
{
    public List<string>? AllowNondistributableArtifactsCIDRs { get; init; }

    public List<string>? AllowNondistributableArtifactsHostnames { get; init; }

    public required List<string> InsecureRegistryCIDRs { get; init; }

    public required Dictionary<string, IndexModel> IndexConfigs { get; init; }

    public List<string> Mirrors { get; init; } = [];
}
