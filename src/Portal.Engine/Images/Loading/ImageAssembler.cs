using System.Text.Json;
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
        var blobs = await Task.WhenAll(image.Layers.Select(blob => DescribeAsync(blob, cancellationToken))).ConfigureAwait(false);
        var plan = LayerPlan.Make(configuration, blobs);
        await lease.HoldLayersAsync(plan.Select(layer => layer.ChainId), cancellationToken).ConfigureAwait(false);
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelLayers, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(plan, options, (layer, token) => InstallAsync(layer, lease, progress, token)).ConfigureAwait(false);
        var manifest = image.Manifest ?? await WriteManifestAsync(configuration, bytes.Length, blobs, lease, cancellationToken)
            .ConfigureAwait(false);
        return await RegisterAsync(configuration, manifest, image.Names, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<ImageDetails>> RegisterAsync(
        ImageConfiguration configuration, Digest manifest, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var registered = new List<ImageDetails>();
        foreach (var name in names.Count == 0 ? [null] : names.Cast<string?>())
        {
            registered.Add(await registrar.RegisterAsync(configuration, manifest, name, null, "load", cancellationToken)
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

    private async Task<Descriptor> DescribeAsync(Digest blob, CancellationToken cancellationToken)
    {
        var stream = content.OpenRead(blob);
        await using (stream.ConfigureAwait(false))
        {
            var head = new byte[4];
            await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            var mediaType = head switch
            {
                [0x1F, 0x8B, ..] => MediaTypes.OciGzipLayer,
                [0x28, 0xB5, 0x2F, 0xFD] => MediaTypes.OciZstandardLayer,
                _ => MediaTypes.OciLayer,
            };
            return new Descriptor { MediaType = mediaType, Digest = blob.ToString(), Size = stream.Length };
        }
    }

    private async Task<Digest> WriteManifestAsync(
        ImageConfiguration configuration, int configurationSize, IReadOnlyList<Descriptor> layers, ContentLease lease,
        CancellationToken cancellationToken)
    {
        var manifest = new ManifestDocument
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.OciManifest,
            Config = new Descriptor
            {
                MediaType = MediaTypes.OciConfig, Digest = configuration.Id.ToString(), Size = configurationSize,
            },
            Layers = layers,
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, FormatJson.Default.ManifestDocument);
        lease.Hold(Digest.Of(bytes));
        return await content.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }
}
