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
            using var lease = leases.Begin();
            var stored = await images.OpenAsync(image, name, platform, isCompressed: true, lease, cancellationToken).ConfigureAwait(false);
            pushed.Add(await PushAsync(stored, ImageReference.Parse(name), credentials, progress, cancellationToken).ConfigureAwait(false));
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
        StoredName stored, ImageReference name, RegistryCredentials? credentials, IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        var whole = new ProgressThrottle(progress, name.Familiar, time);
        whole.Report(TransferPhase.Resolving);
        var endpoint = await endpoints.FindAsync(name.Domain, cancellationToken).ConfigureAwait(false);
        var session = new RegistrySession(endpoint, name, http, options, credentials, "pull,push");
        var layers = stored.Images
            .SelectMany(image => image.Layers.Zip(image.Record.Layers))
            .DistinctBy(pair => pair.First.Digest)
            .ToList();
        layers.ForEach(pair => progress?.Report(new TransferProgress(ItemOf(pair.Second), TransferPhase.Waiting)));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = policy.ParallelDownloads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            layers, parallel, async (pair, token) => await PushLayerAsync(session, pair.First, pair.Second, progress, token)
                .ConfigureAwait(false)).ConfigureAwait(false);
        foreach (var image in stored.Images)
        {
            await new BlobUpload(session, content, image.Configuration, retry)
                .RunAsync(FindMounts(name, image.Record.Id), _ => { }, Retrying, cancellationToken).ConfigureAwait(false);

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

        void Retrying(string message) => whole.Report(TransferPhase.Retrying, message: message);

        Task PutAsync(byte[] manifest, string type, string target) => retry.RunAsync(
            name.Familiar, _ => PutManifestAsync(session, manifest, type, target, cancellationToken), Retrying, cancellationToken);
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
