using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Images.Models;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Images.Space;

namespace Portal.Engine.Api.Images;

/// <summary>Prune: images without names, or with <c>dangling=false</c> all that no container uses.</summary>
internal sealed class ImagePruneHandler(IImageSpace space, TimeProvider clock)
{
    public async Task PruneAsync(HttpContext context)
    {
        var filters = DockerFilters.Read(context, "dangling", "label", "label!", "until");
        var unused = filters.Flag("dangling") is false;
        var until = UntilFilter.Read(filters, clock);
        var pruned = await space
            .PruneAsync(
                image => (unused || image.Names.Count == 0)
                    && image.Created < until
                    && filters.AllowsLabels(image.Labels)
                    && (!filters.Has("label!") || !filters.AllowsLabels(image.Labels, "label!")),
                context.RequestAborted)
            .ConfigureAwait(false);
        var answer = new ImagePruneAnswer([.. pruned.Removed.SelectMany(ImageViews.Removal)], pruned.Bytes);
        await DockerJson.WriteAsync(context, answer, DockerJsonContext.Default.ImagePruneAnswer).ConfigureAwait(false);
    }
}
