using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Containers.Mapping;
using Portal.Engine.Api.Images;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.System.Models;
using Portal.Engine.Containers;
using Portal.Engine.Images;

namespace Portal.Engine.Api.System;

/// <summary>Disk usage.</summary>
internal sealed class DiskUsageHandler(IImages images, IContainers containers, TimeProvider clock)
{
    public async Task ReadAsync(HttpContext context)
    {
        var stored = await images.ListAsync(context.RequestAborted).ConfigureAwait(false);
        var all = await containers.ListAsync(all: true, context.RequestAborted).ConfigureAwait(false);
        var now = clock.GetUtcNow();
        var answer = new DiskUsageModel
        {
            LayersSize = stored.Sum(image => image.Size),
            Images = [.. stored.Select(ImageViews.Summary)],
            Containers = [.. all.Select(container => ContainerViews.Summary(container, now))],
        };
        await DockerJson.WriteAsync(context, answer, DockerJsonContext.Default.DiskUsageModel).ConfigureAwait(false);
    }
}
