using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Images.Models;
using Portal.Engine.Api.Registries;
using Portal.Engine.Api.Routing;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Errors;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Images;

/// <summary>Pull.</summary>
internal sealed class ImagePullHandler(IImages images, IRegistries registries, ImageImportHandler imports)
{
    public async Task PullAsync(HttpContext context)
    {
        var from = context.Query("fromImage");
        if (string.IsNullOrEmpty(from))
        {
            if (context.Query("fromSrc") is not { Length: > 0 })
            {
                throw EngineException.InvalidArgument("Bad parameters: 'fromImage' is missing");
            }

            await imports.ImportAsync(context).ConfigureAwait(false);
            return;
        }

        var name = ImageNames.WithTag(ImageNames.Join(from, context.Query("tag")));
        var platform = ImagePlatforms.Parse(context.Query("platform"));
        var credentials = RegistryAuth.Read(context);
        var seen = new PullSteps(name);
        await ProgressStream
            .RunAsync(context, seen.Map, progress => PullAsync(name, credentials, platform, progress, context.RequestAborted))
            .ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<ProgressModel>> PullAsync(
        string name, RegistryCredentials? credentials, ImagePlatform? platform, IProgress<TransferProgress> progress,
        CancellationToken cancellationToken)
    {
        var before = await FindAsync(name, cancellationToken).ConfigureAwait(false);
        var image = credentials is null
            ? await images.PullAsync(name, platform, progress, cancellationToken).ConfigureAwait(false)
            : await registries.PullAsync(name, credentials, platform, progress, cancellationToken).ConfigureAwait(false);
        var results = new List<ProgressModel>();
        var repository = ImageNames.Familiar(ImageNames.Repository(name));
        if (image.Digests.FirstOrDefault(digest => digest.StartsWith(repository + "@", StringComparison.Ordinal)) is { } digest)
        {
            results.Add(new ProgressModel { Status = $"Digest: {digest[(repository.Length + 1)..]}" });
        }

        var outcome = before == image.Id ? "Image is up to date" : "Downloaded newer image";
        results.Add(new ProgressModel { Status = $"Status: {outcome} for {ImageNames.Familiar(name)}" });
        return results;
    }

    private async Task<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await images.InspectAsync(name, cancellationToken).ConfigureAwait(false)).Id;
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
        {
            return null;
        }
    }
}
