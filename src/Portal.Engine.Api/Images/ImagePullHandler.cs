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

        var name = ImageNames.Join(from, context.Query("tag"));
        var platform = ImagePlatforms.Parse(context.Query("platform"));
        var credentials = RegistryAuth.Read(context);

        // The client says latest where its user says nothing: no tag at all is its --all-tags.
        var isOne = ImageNames.HasTag(name);
        var steps = new PullSteps(isOne ? name : null);
        await ProgressStream.RunAsync(
            context,
            steps.Map,
            progress => isOne
                ? PullAsync(name, credentials, platform, progress, context.RequestAborted)
                : PullAllAsync(name, credentials, platform, progress, context.RequestAborted)).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<ProgressModel>> PullAllAsync(
        string repository, RegistryCredentials? credentials, ImagePlatform? platform, IProgress<TransferProgress> progress,
        CancellationToken cancellationToken)
    {
        var before = await images.ListAsync(cancellationToken).ConfigureAwait(false);
        var pulled = await registries.PullAllAsync(repository, credentials, platform, progress, cancellationToken).ConfigureAwait(false);
        var familiar = ImageNames.Familiar(repository);
        var results = pulled.SelectMany(image => image.Digests)
            .Where(digest => digest.StartsWith(familiar + "@", StringComparison.Ordinal))
            .Distinct()
            .Select(digest => new ProgressModel { Status = $"Digest: {digest[(familiar.Length + 1)..]}" })
            .ToList();
        results.Add(StatusOf(pulled.All(image => before.Any(known => known.Id == image.Id)), familiar));
        return results;
    }

    private async Task<IReadOnlyList<ProgressModel>> PullAsync(
        string name, RegistryCredentials? credentials, ImagePlatform? platform, IProgress<TransferProgress> progress,
        CancellationToken cancellationToken)
    {
        var before = await FindAsync(name, platform, cancellationToken).ConfigureAwait(false);
        var image = credentials is null
            ? await images.PullAsync(name, platform, progress, cancellationToken).ConfigureAwait(false)
            : await registries.PullAsync(name, credentials, platform, progress, cancellationToken).ConfigureAwait(false);
        var results = new List<ProgressModel>();
        var repository = ImageNames.Familiar(ImageNames.Repository(name));
        if (image.Digests.FirstOrDefault(digest => digest.StartsWith(repository + "@", StringComparison.Ordinal)) is { } digest)
        {
            results.Add(new ProgressModel { Status = $"Digest: {digest[(repository.Length + 1)..]}" });
        }

        results.Add(StatusOf(before == image.Id, ImageNames.Familiar(name)));
        return results;
    }

    private static ProgressModel StatusOf(bool isKnown, string familiar) =>
        new() { Status = $"Status: {(isKnown ? "Image is up to date" : "Downloaded newer image")} for {familiar}" };

    private async Task<string?> FindAsync(string name, ImagePlatform? platform, CancellationToken cancellationToken)
    {
        try
        {
            return (await images.InspectAsync(name, platform, cancellationToken).ConfigureAwait(false)).Id;
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
        {
            return null;
        }
    }
}
