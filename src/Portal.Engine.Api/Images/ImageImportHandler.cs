using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Images.Models;
using Portal.Engine.Api.Routing;
using Portal.Engine.Images;
using Portal.Engine.Images.Importing;

namespace Portal.Engine.Api.Images;

/// <summary>Import, which shares its path with pull.</summary>
internal sealed class ImageImportHandler(IImageImports imports)
{
    public async Task ImportAsync(HttpContext context)
    {
        var source = context.Query("fromSrc")!;
        var isBody = source == "-";
        var repository = context.Query("repo");
        var request = new ImageImport
        {
            Name = string.IsNullOrEmpty(repository) ? null : ImageNames.Join(repository, context.Query("tag")),
            Message = context.Query("message") is { Length: > 0 } message ? message : isBody ? "Imported from -" : "",
            Changes = [.. context.Request.Query["changes"].OfType<string>()],
            Platform = ImagePlatforms.Parse(context.Query("platform")),
        };
        await ProgressStream
            .RunAsync(context, isBody ? _ => null : Map, progress => ImportAsync(context, isBody ? null : source, request, progress))
            .ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<ProgressModel>> ImportAsync(
        HttpContext context, string? source, ImageImport request, IProgress<TransferProgress> progress)
    {
        var importing = source is null
            ? imports.ImportAsync(context.Request.Body, request, progress, context.RequestAborted)
            : imports.ImportFromAsync(source, request, progress, context.RequestAborted);
        return [new ProgressModel { Status = (await importing.ConfigureAwait(false)).Id }];
    }

    // Of what the client sends itself it prints every line on its own: only the id is to be on its output then.
    private static ProgressModel? Map(TransferProgress step) => step.Phase switch
    {
        TransferPhase.Resolving => new ProgressModel { Status = $"Downloading from {step.Item}" },
        TransferPhase.Downloading => new ProgressModel
        {
            Status = "Importing",
            Detail = new ProgressDetailModel { Current = step.Current, Total = step.Total ?? 0 },
            Bar = ProgressBar.Format(step.Current, step.Total),
        },
        _ => null,
    };
}
