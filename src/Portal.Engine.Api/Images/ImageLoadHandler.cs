using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Images.Models;
using Portal.Engine.Api.Routing;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Images;

/// <summary>Load.</summary>
internal sealed class ImageLoadHandler(IImages images)
{
    public async Task LoadAsync(HttpContext context)
    {
        var quiet = context.Flag("quiet");
        await ProgressStream
            .RunAsync(context, step => quiet ? null : Map(step), progress => LoadAsync(context, progress))
            .ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<ProgressModel>> LoadAsync(HttpContext context, IProgress<TransferProgress> progress)
    {
        var loaded = await images.LoadAsync(context.Request.Body, progress, context.RequestAborted).ConfigureAwait(false);
        return [.. loaded.Select(image => new ProgressModel { Stream = Sentence(image) })];
    }

    private static string Sentence(LoadedImage image)
    {
        return image.Name is null ? $"Loaded image ID: {image.Id}\n" : $"Loaded image: {image.Name}\n";
    }

    private static ProgressModel? Map(TransferProgress step)
    {
        return step.Phase == TransferPhase.Extracting
            ? new ProgressModel
            {
                Id = step.Item,
                Status = "Loading layer",
                Detail = new ProgressDetailModel { Current = step.Current, Total = step.Total ?? 0 },
                Bar = ProgressBar.Format(step.Current, step.Total),
            }
            : null;
    }
}
