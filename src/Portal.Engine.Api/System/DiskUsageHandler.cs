using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Builds.Models;
using Portal.Engine.Api.Containers.Mapping;
using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Api.Images;
using Portal.Engine.Api.Images.Models;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Api.System.Models;
using Portal.Engine.Api.Volumes;
using Portal.Engine.Api.Volumes.Models;
using Portal.Engine.Builds;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Sizes;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Space;
using Portal.Engine.Volumes;

namespace Portal.Engine.Api.System;

/// <summary>Disk usage.</summary>
internal sealed class DiskUsageHandler(
    IImages images, IContainers containers, IContainerSizes sizes, IVolumes volumes, IImageSpace space, IBuilder builder,
    TimeProvider clock)
{
    private static readonly string[] s_types = ["container", "image", "volume", "build-cache"];

    public async Task ReadAsync(HttpContext context)
    {
        var types = context.Request.Query["type"];
        if (types.FirstOrDefault(type => !s_types.Contains(type)) is { } unknown)
        {
            throw EngineException.InvalidArgument($"unknown object type: {unknown}");
        }

        // What is not asked for is not counted, and null as in Docker.
        var stop = context.RequestAborted;
        var usage = IsAsked("image") ? space.Measure() : null;
        var answer = new DiskUsageModel
        {
            LayersSize = usage?.LayerBytes ?? 0,
            Images = usage is null ? null : await ImagesAsync(usage, context.Version(), stop).ConfigureAwait(false),
            Containers = IsAsked("container") ? await ContainersAsync(stop).ConfigureAwait(false) : null,
            Volumes = IsAsked("volume") ? await VolumesAsync(stop).ConfigureAwait(false) : null,
            BuildCache = IsAsked("build-cache") ? [.. builder.ListCache().Select(CacheEntry)] : null,
        };
        await DockerJson.WriteAsync(context, answer, DockerJsonContext.Default.DiskUsageModel).ConfigureAwait(false);

        bool IsAsked(string type) => types.Count == 0 || types.Contains(type);
    }

    private async Task<List<ImageSummaryModel>> ImagesAsync(
        ImageSpaceUsage usage, ApiVersion version, CancellationToken cancellationToken)
    {
        var stored = await images.ListAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            .. stored.Select(image =>
                ImageViews.Summary(image, version) with { SharedSize = usage.SharedBytes.GetValueOrDefault(image.Id) }),
        ];
    }

    private async Task<List<ContainerSummaryModel>> ContainersAsync(CancellationToken cancellationToken)
    {
        var all = await containers.ListAsync(all: true, cancellationToken).ConfigureAwait(false);
        var known = await sizes.MeasureAsync([.. all.Select(container => container.Id)], cancellationToken).ConfigureAwait(false);
        var now = clock.GetUtcNow();
        return [.. all.Select(container => ContainerViews.Summary(container, now, known.GetValueOrDefault(container.Id)))];
    }

    private async Task<List<VolumeModel>> VolumesAsync(CancellationToken cancellationToken)
    {
        var sized = await volumes.ListWithSizesAsync(cancellationToken).ConfigureAwait(false);
        return [.. sized.Select(VolumeViews.Sized)];
    }

    private static BuildCacheModel CacheEntry(BuildCacheEntry entry) => new()
    {
        ID = entry.Id,
        Parents = entry.Parents.Count == 0 ? null : entry.Parents,
        Type = entry.Kind,
        Description = entry.Description,
        InUse = entry.InUse,
        Shared = entry.Shared,
        Size = entry.Size,
        CreatedAt = GoTime.Format(entry.Created),
        LastUsedAt = GoTime.Format(entry.LastUsed),
        UsageCount = entry.Uses,
    };
}
