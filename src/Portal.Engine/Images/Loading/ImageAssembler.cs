using Portal.Engine.Content;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Installing;

namespace Portal.Engine.Images.Loading;

/// <summary>Makes an image of blobs that are in the content store: unpacks its layers and registers it.</summary>
internal sealed class ImageAssembler(ContentStore content, LayerInstaller installer, ImageRegistrar registrar, TimeProvider time)
{
    private const int ParallelLayers = 4;

    /// <returns>The image after each of its names was given to it; once when it has none.</returns>
    public async Task<IReadOnlyList<ImageDetails>> AssembleAsync(
        ArchivedImage image, ContentLease lease, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var bytes = await content.ReadAsync(image.Configuration, FormatJson.MaxBytes, cancellationToken).ConfigureAwait(false);
        var configuration = ImageConfiguration.Read(bytes, image.Layers.Count);
        var describing = image.Layers.Select(blob => BlobDescription.OfLayerAsync(content, blob, cancellationToken));
        var blobs = await Task.WhenAll(describing).ConfigureAwait(false);
        var plan = LayerPlan.Make(configuration, blobs);
        await lease.HoldLayersAsync(plan.Select(layer => layer.ChainId), cancellationToken).ConfigureAwait(false);
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelLayers, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(plan, options, (layer, token) => InstallAsync(layer, lease, progress, token)).ConfigureAwait(false);
        var manifest = image.Manifest ?? await WriteManifestAsync(configuration, bytes.Length, blobs, lease, cancellationToken)
            .ConfigureAwait(false);
        return await RegisterAsync(configuration, manifest, image, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<ImageDetails>> RegisterAsync(
        ImageConfiguration configuration, Digest manifest, ArchivedImage image, CancellationToken cancellationToken)
    {
        var registered = new List<ImageDetails>();
        foreach (var name in image.Names.Count == 0 ? [null] : image.Names.Cast<string?>())
        {
            registered.Add(await registrar.RegisterAsync(
                configuration, manifest, name, null, image.List, image.Action, cancellationToken)
                .ConfigureAwait(false));
        }

        return registered;
    }

    private async ValueTask InstallAsync(
        LayerPlan layer, ContentLease lease, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var blob = layer.Blob.ParseDigest("a layer");
        var throttle = new ProgressThrottle(progress, layer.DiffId.Short, time);
        if (content.FindBlob(layer.DiffId) is { } present)
        {
            lease.Hold(present);
        }

        if (installer.FindInstalled(layer) is not null)
        {
            throttle.Report(TransferPhase.Exists);
            return;
        }

        await installer.InstallAsync(
            layer, blob, read => throttle.Report(TransferPhase.Extracting, read, layer.Blob.Size), cancellationToken).ConfigureAwait(false);
        throttle.Report(TransferPhase.Complete, layer.Blob.Size, layer.Blob.Size);
    }

    private async Task<Digest> WriteManifestAsync(
        ImageConfiguration configuration, int configurationSize, IReadOnlyList<Descriptor> layers, ContentLease lease,
        CancellationToken cancellationToken)
    {
        var (bytes, _) = BlobDescription.MakeManifest(configuration.Id, configurationSize, layers);
        lease.Hold(Digest.Of(bytes));
        return await content.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }
}
