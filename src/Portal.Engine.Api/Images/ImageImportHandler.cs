using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Images.Models;
using Portal.Engine.Api.Routing;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Importing;

namespace Portal.Engine.Api.Images;

/// <summary>Import, which shares its path with pull.</summary>
internal sealed class ImageImportHandler(IImageImports imports)
{
    public async Task ImportAsync(HttpContext context)
    {
        if (context.Query("fromSrc") != "-")
        {
            throw EngineException.InvalidArgument(
                "importing from an address is not available in this engine yet; fetch the archive and give it as the input");
        }

        var repository = context.Query("repo");
        var request = new ImageImport
        {
            Name = string.IsNullOrEmpty(repository) ? null : ImageNames.Join(repository, context.Query("tag")),
            Message = context.Query("message") is { Length: > 0 } message ? message : "Imported from -",
            Changes = [.. context.Request.Query["changes"].OfType<string>()],
            Platform = ImagePlatforms.Parse(context.Query("platform")),
        };
        await ProgressStream.RunAsync(context, Map, progress => ImportAsync(context, request, progress)).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<ProgressModel>> ImportAsync(
        HttpContext context, ImageImport request, IProgress<TransferProgress> progress)
    {
        var image = await imports.ImportAsync(context.Request.Body, request, progress, context.RequestAborted).ConfigureAwait(false);
        return [new ProgressModel { Status = image.Id }];
    }

    // The client prints every line of its own making: only the id is to be on its output.
    private static ProgressModel? Map(TransferProgress step) => null;
}
