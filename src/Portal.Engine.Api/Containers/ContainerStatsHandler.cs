using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Containers.Stats;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Stats;

namespace Portal.Engine.Api.Containers;

/// <summary>Stats.</summary>
internal sealed class ContainerStatsHandler(IContainers containers, IContainerStats stats)
{
    public async Task ReadAsync(HttpContext context)
    {
        var container = await containers.InspectAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        if (context.Flag("stream", absent: true))
        {
            if (context.Flag("one-shot"))
            {
                throw EngineException.InvalidArgument("cannot have stream=true and one-shot=true");
            }

            await FollowAsync(context, container).ConfigureAwait(false);
            return;
        }

        var answer = context.Flag("one-shot")
            ? StatsViews.Model(container, null, await stats.ReadAsync(container.Id, context.RequestAborted).ConfigureAwait(false))
            : await CompareAsync(container, context.RequestAborted).ConfigureAwait(false);
        await DockerJson.WriteAsync(context, answer, DockerJsonContext.Default.StatsModel).ConfigureAwait(false);
    }

    /// <summary>Two samples, so that the one answer has shares in it; none for a container that does not run.</summary>
    private async Task<StatsModel> CompareAsync(ContainerInfo container, CancellationToken cancellationToken)
    {
        ContainerSample? previous = null;
        if (container.State is not (ContainerState.Running or ContainerState.Paused))
        {
            return StatsViews.Model(container, null, null);
        }

        await foreach (var sample in stats.WatchAsync(container.Id, cancellationToken).ConfigureAwait(false))
        {
            if (previous is not null)
            {
                return StatsViews.Model(container, previous, sample);
            }

            previous = sample;
        }

        return StatsViews.Model(container, null, previous);
    }

    private async Task FollowAsync(HttpContext context, ContainerInfo container)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        if (container.State is not (ContainerState.Running or ContainerState.Paused))
        {
            // Docker answers at once for a container that does not run, and `docker stats` waits for that first answer.
            await WriteAsync(context, StatsViews.Model(container, null, null)).ConfigureAwait(false);
        }

        ContainerSample? previous = null;
        await foreach (var sample in stats.WatchAsync(container.Id, context.RequestAborted).ConfigureAwait(false))
        {
            await WriteAsync(context, StatsViews.Model(container, previous, sample)).ConfigureAwait(false);
            previous = sample;
        }
    }

    private static Task WriteAsync(HttpContext context, StatsModel answer)
    {
        return DockerJson.WriteLineAsync(context, answer, DockerJsonContext.Default.StatsModel);
    }
}
