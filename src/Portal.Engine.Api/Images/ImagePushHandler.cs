using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Images.Models;
using Portal.Engine.Api.Registries;
using Portal.Engine.Api.Registries.Models;
using Portal.Engine.Api.Routing;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Distribution.Pushing;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Images;

/// <summary>Push.</summary>
internal sealed class ImagePushHandler(IRegistries registries)
{
    private const string IndexType = "application/vnd.oci.image.index.v1+json";

    public async Task PushAsync(HttpContext context)
    {
        var name = ImageNames.Join(context.ImageName("/push"), context.Query("tag"));
        var credentials = RegistryAuth.Read(context);
        var platform = ImagePlatforms.Parse(context.Query("platform"));
        await ProgressStream
            .RunAsync(context, Map, progress => PushAsync(name, credentials, platform, progress, context.RequestAborted))
            .ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<ProgressModel>> PushAsync(
        string name, RegistryCredentials? credentials, ImagePlatform? platform, IProgress<TransferProgress> progress,
        CancellationToken cancellationToken)
    {
        var pushed = await registries.PushAsync(name, credentials, platform, progress, cancellationToken).ConfigureAwait(false);
        return [.. pushed.SelectMany(Describe)];
    }

    private static IEnumerable<ProgressModel> Describe(PushedImage image)
    {
        yield return new ProgressModel { Status = $"{image.Tag}: digest: {image.Digest} size: {image.Size}" };
        yield return new ProgressModel
        {
            Detail = new ProgressDetailModel(), Aux = new PushAuxModel { Tag = image.Tag, Digest = image.Digest, Size = image.Size },
        };
        if (image.InsteadOf is not { } index)
        {
            yield break;
        }

        if (image.Platforms.Count > 1)
        {
            yield return new ProgressModel
            {
                Status = $"Not all platforms of {index} are here. An index of those that are was pushed: "
                    + string.Join(", ", image.Platforms),
            };
            yield break;
        }

        // The client makes a note of it at the end.
        yield return new ProgressModel
        {
            Aux = new PushAuxModel
            {
                IsPushedInsteadOfIndex = true,
                OriginalIndex = new DescriptorModel(IndexType, index, 0),
                SelectedManifest = new DescriptorModel(image.MediaType, image.Digest, image.Size),
            },
        };
    }

    private static ProgressModel? Map(TransferProgress step)
    {
        if (step.Phase == TransferPhase.Resolving)
        {
            var repository = ImageReference.TryParse(step.Item, out var name) ? name.Repository : step.Item;
            return new ProgressModel { Status = $"The push refers to repository [{repository}]" };
        }

        var counts = step.Phase == TransferPhase.Uploading;
        return new ProgressModel
        {
            Id = step.Item,
            Status = step.Phase switch
            {
                TransferPhase.Exists => step.Message ?? "Layer already exists",
                TransferPhase.Uploading => "Pushing",
                TransferPhase.Complete => "Pushed",
                TransferPhase.Retrying => step.Message ?? "Retrying",
                _ => "Preparing",
            },
            Detail = counts ? new ProgressDetailModel { Current = step.Current, Total = step.Total ?? 0 } : new ProgressDetailModel(),
            Bar = counts ? ProgressBar.Format(step.Current, step.Total) : null,
        };
    }
}
