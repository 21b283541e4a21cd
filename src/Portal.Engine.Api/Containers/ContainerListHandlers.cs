using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Containers.Answers;
using Portal.Engine.Api.Containers.Mapping;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Sizes;
using Portal.Engine.Errors;
using Portal.Engine.Events;
using Portal.Engine.Images;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Api.Containers;

/// <summary>List, inspect, prune.</summary>
internal sealed class ContainerListHandlers(
    IContainers containers,
    IContainerSizes sizes,
    IImages images,
    IEngineEvents events,
    IExecs execs,
    TimeProvider clock,
    IRootFolders? folders = null)
{
    public async Task ListAsync(HttpContext context)
    {
        var filters = DockerFilters.Read(context, ContainerFilter.Names);
        var limit = context.Number("limit") is > 0 and var number ? number : int.MaxValue;

        // Asking for the last so many, or for a state or an exit code, means all states, as in Docker.
        var all = context.Flag("all") || limit < int.MaxValue || filters.Has("status") || filters.Has("exited");
        var found = await containers.ListAsync(all: true, context.RequestAborted).ConfigureAwait(false);
        var filter = await ContainerFilter.MakeAsync(filters, found, images, context.RequestAborted).ConfigureAwait(false);
        var now = clock.GetUtcNow();
        var chosen = found
            .Where(container => all || container.State is ContainerState.Running or ContainerState.Paused or ContainerState.Restarting)
            .Where(filter.Allows)
            .Take(limit)
            .ToList();
        var known = context.Flag("size")
            ? await sizes.MeasureAsync(chosen.ConvertAll(container => container.Id), context.RequestAborted).ConfigureAwait(false)
            : null;
        var rows = chosen.ConvertAll(container => ContainerViews.Summary(container, now, known?.GetValueOrDefault(container.Id)));
        await DockerJson.WriteAsync(context, rows, DockerJsonContext.Default.ListContainerSummaryModel).ConfigureAwait(false);
    }

    public async Task InspectAsync(HttpContext context)
    {
        var container = await containers.InspectAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        var size = context.Flag("size") ? await sizes.MeasureAsync(container.Id, context.RequestAborted).ConfigureAwait(false) : null;
        var answer = ContainerViews.Inspect(container, size, execs.ListRunning(container.Id), folders?.OfContainer(container.Id));
        await DockerJson.WriteAsync(context, answer, DockerJsonContext.Default.ContainerInspectModel).ConfigureAwait(false);
    }

    public async Task PruneAsync(HttpContext context)
    {
        var filters = DockerFilters.Read(context, "label", "label!", "until");
        var until = UntilFilter.Read(filters, clock);
        var removed = new List<string>();
        long bytes = 0;
        foreach (var container in await containers.ListAsync(all: true, context.RequestAborted).ConfigureAwait(false))
        {
            if (container.State is ContainerState.Created or ContainerState.Exited or ContainerState.Dead
                && container.Created < until
                && filters.AllowsLabels(container.Spec.Labels)
                && !(filters.Has("label!") && filters.AllowsLabels(container.Spec.Labels, "label!"))
                && await TryRemoveAsync(container.Id, context.RequestAborted).ConfigureAwait(false) is { } freed)
            {
                removed.Add(container.Id);
                bytes += freed;
            }
        }

        events.PublishPrune(EngineEventType.Container, bytes);
        await DockerJson.WriteAsync(context, new PruneAnswer(removed, bytes), DockerJsonContext.Default.PruneAnswer).ConfigureAwait(false);
    }

    /// <summary>Removes one and gives the bytes that it had written; null when it was not removed.</summary>
    private async Task<long?> TryRemoveAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            // It does not run, so nothing is written after this.
            var size = await sizes.MeasureAsync(id, cancellationToken).ConfigureAwait(false);
            await containers.RemoveAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false);
            return size?.WritableBytes ?? 0;
        }
        catch (EngineException failure) when (failure.Kind is EngineErrorKind.Conflict or EngineErrorKind.NotFound)
        {
            // Started or removed by someone else since the list was made: not ours to prune.
            return null;
        }
    }
}
