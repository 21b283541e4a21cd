using System.Text.Json.Serialization;
using Portal.Engine.Api.Containers.Models.Mounts;

namespace Portal.Engine.Api.Containers.Models;

/// <summary>One row of <c>GET /containers/json</c>.</summary>
internal sealed record ContainerSummaryModel
{
    public required string Id { get; init; }

    public required List<string> Names { get; init; }

    public required string Image { get; init; }

    public required string ImageID { get; init; }

    public required string Command { get; init; }

    public required long Created { get; init; }

    public required List<PortSummary> Ports { get; init; }

    /// <summary>Bytes that it wrote. Docker leaves zeros out here, unlike in <c>inspect</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SizeRw { get; init; }

    /// <summary>The same with the image's size.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SizeRootFs { get; init; }

    public required Dictionary<string, string> Labels { get; init; }

    public required string State { get; init; }

    public required string Status { get; init; }

    public required SummaryHostConfig HostConfig { get; init; }

    public required SummaryNetworks NetworkSettings { get; init; }

    public required List<MountPoint> Mounts { get; init; }
}
