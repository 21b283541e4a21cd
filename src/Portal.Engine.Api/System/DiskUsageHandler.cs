using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Builds.Models;
using Portal.Engine.Api.Containers.Mapping;
using Portal.Engine.Api.Images;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Api.System.Models;
using Portal.Engine.Api.Volumes;
using Portal.Engine.Builds;
using Portal.Engine.Containers;
using Portal.Engine.Images;
using Portal.Engine.Images.Space;
using Portal.Engine.Volumes;

namespace Portal.Engine.Api.System;

/// <summary>Disk usage.</summary>
internal sealed class DiskUsageHandler(
    IImages images, IContainers containers, IVolumes volumes, IImageSpace space, IBuilder builder, TimeProvider clock)
{
    public async Task ReadAsync(HttpContext context)
    {
        var stored = await images.ListAsync(context.RequestAborted).ConfigureAwait(false);
        var all = await containers.ListAsync(all: true, context.RequestAborted).ConfigureAwait(false);
        var now = clock.GetUtcNow();
        var sized = await volumes.ListWithSizesAsync(context.RequestAborted).ConfigureAwait(false);
        var usage = space.Measure();
        var answer = new DiskUsageModel
        {
            LayersSize = usage.LayerBytes,
            Images =
            [
                .. stored.Select(image => ImageViews.Summary(image) with { SharedSize = usage.SharedBytes.GetValueOrDefault(image.Id) }),
            ],
            Volumes = [.. sized.Select(VolumeViews.Sized)],
            BuildCache = [.. builder.ListCache().Select(CacheEntry)],
            Containers = [.. all.Select(container => ContainerViews.Summary(container, now))],
        };
        await DockerJson.WriteAsync(context, answer, DockerJsonContext.Default.DiskUsageModel).ConfigureAwait(false);
    }

    private static BuildCacheModel CacheEntry(BuildCacheEntry entry) => new()
    {
        ID = entry.Id,
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
