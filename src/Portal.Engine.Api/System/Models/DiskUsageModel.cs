using Portal.Engine.Api.Builds.Models;
using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Api.Images.Models;
using Portal.Engine.Api.Volumes.Models;

namespace Portal.Engine.Api.System.Models;

/// <summary>The answer of <c>GET /system/df</c>; null where a request asked for other types only.</summary>
internal sealed record DiskUsageModel
{
    public required long LayersSize { get; init; }

    public required List<ImageSummaryModel>? Images { get; init; }

    public required List<ContainerSummaryModel>? Containers { get; init; }

    public required List<VolumeModel>? Volumes { get; init; }

    public required List<BuildCacheModel>? BuildCache { get; init; }
}
