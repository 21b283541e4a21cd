using System.Text.Json.Serialization;
using Portal.Engine.Api.Containers.Models;

namespace Portal.Engine.Api.Images.Models;

/// <summary>The answer of <c>GET /images/{name}/json</c>.</summary>
internal sealed record ImageInspectModel
{
    public required string Id { get; init; }

    public required List<string> RepoTags { get; init; }

    public required List<string> RepoDigests { get; init; }

    public string Parent { get; init; } = "";

    public string Comment { get; init; } = "";

    public required string Created { get; init; }

    public string DockerVersion { get; init; } = "";

    public required string Author { get; init; }

    public required ImageConfigModel Config { get; init; }

    /// <summary>
    /// What the API had up to 1.44. Docker-compose 1.x reads the volumes of an image from it, whatever the version, and fails without.
    /// </summary>
    public ImageConfigModel ContainerConfig => Config;

    public required string Architecture { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }

    public required string Os { get; init; }

    public required long Size { get; init; }

    /// <summary>The same, which the API had up to 1.43.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VirtualSize { get; init; }

    public GraphDriverModel GraphDriver { get; init; } = new();

    public required RootFsModel RootFS { get; init; }

    public ImageMetadataModel Metadata { get; init; } = new();
}
