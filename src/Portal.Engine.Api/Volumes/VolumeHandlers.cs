using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Api.Volumes.Models;
using Portal.Engine.Errors;
using Portal.Engine.Volumes;

namespace Portal.Engine.Api.Volumes;

/// <summary>List, create, inspect, remove and prune.</summary>
internal sealed class VolumeHandlers(IVolumes volumes)
{
    // From this version on a prune takes anonymous volumes alone unless "all" is asked for.
    private static readonly ApiVersion s_pruneAnonymous = new(1, 42);

    public async Task ListAsync(HttpContext context)
    {
        var filters = DockerFilters.Read(context, "dangling", "driver", "label", "name");
        var dangling = filters.Flag("dangling");
        var all = await volumes.ListAsync(context.RequestAborted).ConfigureAwait(false);
        var models = all
            .Where(volume => dangling is null || dangling == (volume.Users.Count == 0))
            .Where(volume => filters.Allows("driver", value => value == volume.Driver))
            .Where(volume => filters.Allows("name", value => volume.Name.Contains(value, StringComparison.Ordinal)))
            .Where(volume => filters.AllowsLabels(volume.Labels))
            .Select(VolumeViews.Model)
            .ToList();
        await DockerJson.WriteAsync(context, new VolumeListAnswer(models, null), DockerJsonContext.Default.VolumeListAnswer)
            .ConfigureAwait(false);
    }

    public async Task CreateAsync(HttpContext context)
    {
        var body = await DockerJson.ReadAsync(context, DockerJsonContext.Default.VolumeCreateRequest).ConfigureAwait(false);
        var request = new VolumeRequest
        {
            Name = body.Name,
            Driver = body.Driver,
            Options = body.DriverOpts ?? [],
            Labels = body.Labels ?? [],
        };
        var volume = await volumes.CreateAsync(request, context.RequestAborted).ConfigureAwait(false);
        await DockerJson
            .WriteAsync(context, VolumeViews.Model(volume), DockerJsonContext.Default.VolumeModel, StatusCodes.Status201Created)
            .ConfigureAwait(false);
    }

    public async Task InspectAsync(HttpContext context)
    {
        var volume = await volumes.InspectAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        await DockerJson.WriteAsync(context, VolumeViews.Model(volume), DockerJsonContext.Default.VolumeModel).ConfigureAwait(false);
    }

    public async Task RemoveAsync(HttpContext context)
    {
        try
        {
            await volumes.RemoveAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound && context.Flag("force"))
        {
            // Force asks that it be gone, and it is.
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task PruneAsync(HttpContext context)
    {
        var filters = DockerFilters.Read(context, "all", "label", "label!");
        var all = filters.Flag("all") ?? context.Version().CompareTo(s_pruneAnonymous) < 0;
        var pruned = await volumes
            .PruneAsync(
                volume => (all || volume.IsAnonymous)
                    && filters.AllowsLabels(volume.Labels)
                    && (!filters.Has("label!") || !filters.AllowsLabels(volume.Labels, "label!")),
                context.RequestAborted)
            .ConfigureAwait(false);
        await DockerJson
            .WriteAsync(context, new VolumePruneAnswer([.. pruned.Names], pruned.Bytes), DockerJsonContext.Default.VolumePruneAnswer)
            .ConfigureAwait(false);
    }
}
