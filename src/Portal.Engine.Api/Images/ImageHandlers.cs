using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Space;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Api.Images;

/// <summary>List, inspect, history, tag, remove.</summary>
internal sealed class ImageHandlers(IImages images, IImageSpace space, TimeProvider clock, IRootFolders? folders = null)
{
    public async Task ListAsync(HttpContext context)
    {
        var filters = DockerFilters.Read(context, ImageFilter.Names);
        var filter = await ImageFilter.MakeAsync(filters, images, clock, context.RequestAborted).ConfigureAwait(false);
        var found = await images.ListAsync(context.RequestAborted).ConfigureAwait(false);
        var rows = found.Select(filter.Apply).OfType<ImageSummary>().Select(image => ImageViews.Summary(image, context.Version())).ToList();
        if (context.Flag("shared-size"))
        {
            var shared = space.Measure().SharedBytes;
            rows = [.. rows.Select(row => row with { SharedSize = shared.GetValueOrDefault(row.Id) })];
        }

        await DockerJson.WriteAsync(context, rows, DockerJsonContext.Default.ListImageSummaryModel).ConfigureAwait(false);
    }

    public async Task InspectAsync(HttpContext context)
    {
        var image = await FindAsync(context, "/json").ConfigureAwait(false);
        var layers = image.ChainId is { } top ? folders?.OfLayers(top) : null;
        await DockerJson
            .WriteAsync(context, ImageViews.Inspect(image, context.Version(), layers), DockerJsonContext.Default.ImageInspectModel)
            .ConfigureAwait(false);
    }

    public async Task HistoryAsync(HttpContext context)
    {
        var image = await FindAsync(context, "/history").ConfigureAwait(false);
        await DockerJson
            .WriteAsync(context, ImageViews.History(image), DockerJsonContext.Default.ListImageHistoryModel)
            .ConfigureAwait(false);
    }

    public async Task TagAsync(HttpContext context)
    {
        var repository = context.Query("repo");
        if (string.IsNullOrEmpty(repository))
        {
            throw EngineException.InvalidArgument("Bad parameter 'repo': the new name is missing");
        }

        var name = ImageNames.Join(repository, context.Query("tag"));
        await images.TagAsync(context.ImageName("/tag"), name, context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status201Created;
    }

    public async Task RemoveAsync(HttpContext context)
    {
        var removal = await images
            .RemoveAsync(context.ImageName(), context.Flag("force"), context.RequestAborted)
            .ConfigureAwait(false);
        await DockerJson
            .WriteAsync(context, ImageViews.Removal(removal), DockerJsonContext.Default.ListImageRemovalModel)
            .ConfigureAwait(false);
    }

    private async Task<ImageDetails> FindAsync(HttpContext context, string suffix)
    {
        var name = context.ImageName(suffix);
        try
        {
            var platform = ImagePlatforms.Parse(context.Query("platform"));
            return await images.InspectAsync(name, platform, context.RequestAborted).ConfigureAwait(false);
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
        {
            throw new EngineException(EngineErrorKind.NotFound, $"No such image: {name}", failure);
        }
    }
}
