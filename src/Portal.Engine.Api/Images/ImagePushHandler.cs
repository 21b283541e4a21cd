using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Images.Models;
using Portal.Engine.Api.Registries;
using Portal.Engine.Api.Routing;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Images;

/// <summary>Push.</summary>
internal sealed class ImagePushHandler(IRegistries registries)
{
    public async Task PushAsync(HttpContext context)
    {
        var name = ImageNames.Join(context.ImageName("/push"), context.Query("tag"));
        var credentials = RegistryAuth.Read(context);
        await ProgressStream
            .RunAsync(context, Map, progress => PushAsync(name, credentials, progress, context.RequestAborted))
            .ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<ProgressModel>> PushAsync(
        string name, RegistryCredentials? credentials, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        var pushed = await registries.PushAsync(name, credentials, progress, cancellationToken).ConfigureAwait(false);
        return
        [
            .. pushed.SelectMany(image => new[]
            {
                new ProgressModel { Status = $"{image.Tag}: digest: {image.Digest} size: {image.Size}" },
                new ProgressModel { Detail = new ProgressDetailModel(), Aux = new PushAuxModel(image.Tag, image.Digest, image.Size) },
            }),
        ];
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
