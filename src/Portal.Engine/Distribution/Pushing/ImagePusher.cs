using System.Net;
using System.Net.Http.Headers;
using Portal.Engine.Content;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Errors;
using Portal.Engine.Events;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Installing;
using Portal.Engine.Images.Saving;
using Portal.Engine.Images.Store;

namespace Portal.Engine.Distribution.Pushing;

/// <summary>Pushes images: all layers in parallel, then the configuration, then the manifest under its tag.</summary>
internal sealed class ImagePusher(
    RegistryEndpoints endpoints, RegistryHttp http, EngineOptions options, StoredLists images, ImageStore store, ContentStore content,
    ContentLeases leases, RegistryPolicy policy, RegistryRetry retry, TimeProvider time, IEngineEvents? events = null)
{
    private const int MaxMounts = 3;

    public async Task<IReadOnlyList<PushedImage>> PushAsync(
        string text, RegistryCredentials? credentials, ImagePlatform? platform, IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        var reference = ImageReference.Parse(text);
        if (reference.Digest is not null)
        {
            throw EngineException.InvalidArgument($"cannot push a digest reference: '{reference.Familiar}'. Give the image a tag.");
        }

        var found = Find(reference);
        var pushed = new List<PushedImage>();
        foreach (var (image, name) in found)
        {
            pushed.Add(await PushAsync(image, name, platform, credentials, progress, cancellationToken).ConfigureAwait(false));
        }

        return pushed;
    }

    private List<(ImageRecord Image, string Name)> Find(ImageReference reference)
    {
        var found = store.Index.Images.Values
            .SelectMany(image => image.Names.Select(name => (image, name)))
            .Where(pair => reference.Tag is null
                ? ImageReference.Parse(pair.name).Repository == reference.Repository
                : pair.name == reference.ToString())
            .OrderBy(pair => pair.name, StringComparer.Ordinal)
            .ToList();
        return found.Count > 0
            ? found
            : throw EngineException.NotFound($"An image does not exist locally with the tag: {reference.Familiar}");
    }

    private async Task<PushedImage> PushAsync(
        ImageRecord image, string text, ImagePlatform? platform, RegistryCredentials? credentials,
        IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var name = ImageReference.Parse(text);
        var whole = new ProgressThrottle(progress, name.Familiar, time);
        whole.Report(TransferPhase.Resolving);
        var endpoint = await endpoints.FindAsync(name.Domain, cancellationToken).ConfigureAwait(false);
        var session = new RegistrySession(endpoint, name, http, options, credentials, "pull,push");
        Announce(image.Layers.Select(ItemOf));
        using var lease = leases.Begin();
        var uploads = new LayerUploads(policy.ParallelDownloads, cancellationToken);
        await using (uploads.ConfigureAwait(false))
        {
            // What has to be compressed goes when it is, beside the rest: one takes processors, the other the network.
            var wish = new LayerWish(IsCompressed: true, layer => Begin(layer, Describe(layer)));
            var stored = await images.OpenAsync(image, text, platform, wish, lease, cancellationToken).ConfigureAwait(false);
            var layers = stored.Images.SelectMany(one => one.Layers.Zip(one.Record.Layers)).ToList();
            Announce(layers.Select(pair => ItemOf(pair.Second)).Except(image.Layers.Select(ItemOf)));
            layers.ForEach(pair => Begin(pair.Second, pair.First));
            await uploads.FinishAsync().ConfigureAwait(false);
            return await FinishAsync(
                session, stored, name, message => whole.Report(TransferPhase.Retrying, message: message), cancellationToken)
                .ConfigureAwait(false);
        }

        void Announce(IEnumerable<string> items)
        {
            foreach (var item in items.Distinct())
            {
                progress?.Report(new TransferProgress(item, TransferPhase.Waiting));
            }
        }

        void Begin(LayerReference layer, Descriptor blob) =>
            uploads.Begin(blob.Digest!, token => PushLayerAsync(session, blob, layer, progress, token));
    }

    private Descriptor Describe(LayerReference layer) =>
        new() { Digest = layer.Blob, Size = content.SizeOf(Digest.Parse(layer.Blob, "a layer")) };

    /// <summary>What follows the layers: configurations, manifests and what they are remembered by.</summary>
    private async Task<PushedImage> FinishAsync(
        RegistrySession session, StoredName stored, ImageReference name, Action<string> onRetry, CancellationToken cancellationToken)
    {
        foreach (var image in stored.Images)
        {
            await new BlobUpload(session, content, image.Configuration, retry)
                .RunAsync(FindMounts(name, image.Record.Id), _ => { }, onRetry, cancellationToken).ConfigureAwait(false);

            // An index names manifests by digest, and registries take it only when they are there.
            await PutAsync(image.Content, image.MediaType, stored.List is null ? name.Tag! : image.Digest.ToString()).ConfigureAwait(false);
        }

        var (bytes, mediaType, digest) = stored.List is { } list
            ? (list.Content, list.MediaType, list.Digest)
            : (stored.Images[0].Content, stored.Images[0].MediaType, stored.Images[0].Digest);
        if (stored.List is not null)
        {
            await PutAsync(bytes, mediaType, name.Tag!).ConfigureAwait(false);
        }

        Note(stored, name, digest);
        return new PushedImage(name.Familiar, name.Tag!, digest.ToString(), bytes.Length)
        {
            MediaType = mediaType,
            Platforms = [.. stored.Images.Select(image => image.Record.Platform).OfType<ImagePlatform>()],
            InsteadOf = stored.Original?.ToString(),
        };

        Task PutAsync(byte[] manifest, string type, string target) => retry.RunAsync(
            name.Familiar, _ => PutManifestAsync(session, manifest, type, target, cancellationToken), onRetry, cancellationToken);
    }

    private async Task PushLayerAsync(
        RegistrySession session, Descriptor blob, LayerReference layer, IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        var throttle = new ProgressThrottle(progress, ItemOf(layer), time);
        var outcome = await new BlobUpload(session, content, blob, retry).RunAsync(
            FindMounts(session.Reference, blob.Digest!),
            sent => throttle.Report(TransferPhase.Uploading, sent, blob.Size),
            message => throttle.Report(TransferPhase.Retrying, message: message),
            cancellationToken).ConfigureAwait(false);
        throttle.Report(
            outcome is null ? TransferPhase.Complete : TransferPhase.Exists,
            blob.Size,
            blob.Size,
            outcome is { Length: > 0 } ? $"Mounted from {outcome}" : null);
    }

    /// <summary>Other repositories of the same registry that images with this blob came from or went to.</summary>
    private List<string> FindMounts(ImageReference target, string blob)
    {
        return store.Index.Images.Values
            .Where(image => image.Id == blob || image.Layers.Any(layer => layer.Blob == blob))
            .SelectMany(image => image.Digests)
            .Select(ImageReference.Parse)
            .Where(other => other.Domain == target.Domain && other.Path != target.Path)
            .Select(other => other.Path)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Take(MaxMounts)
            .ToList();
    }

    private static async Task<bool> PutManifestAsync(
        RegistrySession session, byte[] manifest, string mediaType, string target, CancellationToken cancellationToken)
    {
        var what = $"the manifest of '{session.Reference.Familiar}'";
        using var response = await session.SendAsync(MakeRequest, what, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.Created ? true : throw session.Explain(response, what);

        HttpRequestMessage MakeRequest()
        {
            var body = new ByteArrayContent(manifest);
            body.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
            return new HttpRequestMessage(HttpMethod.Put, session.ManifestAddress(target)) { Content = body };
        }
    }

    /// <summary>Remembers the digest by which the registry knows the images, unless they were removed meanwhile.</summary>
    private void Note(StoredName stored, ImageReference name, Digest digest)
    {
        var text = name.WithDigest(digest.ToString()).ToString();
        store.Update(index => stored.Images.Aggregate(index, (changed, image) => changed.Change(
            image.Record.Id,
            record => record.Digests.Contains(text) ? record : record with { Digests = [.. record.Digests, text] })));
        events?.PublishImage("push", name.Familiar, name.FamiliarRepository, stored.Images[0].Record.Labels);
    }

    private static string ItemOf(LayerReference layer) => Digest.Parse(layer.DiffId, "a layer").Short;
}
