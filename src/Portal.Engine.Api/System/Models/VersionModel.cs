namespace Portal.Engine.Api.System.Models;

/// <summary>The answer of <c>GET /version</c>.</summary>
internal sealed record VersionModel
{
    public NamedModel Platform { get; init; } = new("Portal");

    public required List<ComponentModel> Components { get; init; }

    public required string Version { get; init; }

    public string ApiVersion { get; init; } = Routing.ApiVersion.Newest.ToString();

    public string MinAPIVersion { get; init; } = Routing.ApiVersion.Oldest.ToString();

    public required string GitCommit { get; init; }

    public required string GoVersion { get; init; }

    public string Os { get; init; } = "linux";

    public required string Arch { get; init; }

    public required string KernelVersion { get; init; }

    public string BuildTime { get; init; } = "";
}
