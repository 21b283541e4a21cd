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
    RegistryEndpoints endpoints, RegistryHttp http, EngineOptions options, StoredImages images, ImageStore store, ContentStore content,
    ContentLeases leases, RegistryPolicy policy, RegistryRetry retry, TimeProvider time, IEngineEvents? events = null)
{
    private const int MaxMounts = 3;

    public async Task<IReadOnlyList<PushedImage>> PushAsync(
        string text, RegistryCredentials? credentials, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
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
            pushed.Add(await PushAsync(image, ImageReference.Parse(name), credentials, progress, cancellationToken).ConfigureAwait(false));
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
        ImageRecord record, ImageReference name, RegistryCredentials? credentials, IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        var whole = new ProgressThrottle(progress, name.Familiar, time);
        whole.Report(TransferPhase.Resolving);
        using var lease = leases.Begin();
        var image = await images.OpenAsync(record, lease, cancellationToken).ConfigureAwait(false);
        var endpoint = await endpoints.FindAsync(name.Domain, cancellationToken).ConfigureAwait(false);
        var session = new RegistrySession(endpoint, name, http, options, credentials, "pull,push");
        var layers = image.Layers.Zip(record.Layers).DistinctBy(pair => pair.First.Digest).ToList();
        layers.ForEach(pair => progress?.Report(new TransferProgress(ItemOf(pair.Second), TransferPhase.Waiting)));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = policy.ParallelDownloads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            layers, parallel, async (pair, token) => await PushLayerAsync(session, pair.First, pair.Second, progress, token)
                .ConfigureAwait(false)).ConfigureAwait(false);
        await new BlobUpload(session, content, image.Configuration, retry)
            .RunAsync(FindMounts(name, record.Id), _ => { }, Retrying, cancellationToken).ConfigureAwait(false);
        await retry.RunAsync(name.Familiar, _ => PutManifestAsync(session, image, cancellationToken), Retrying, cancellationToken)
            .ConfigureAwait(false);
        Note(image, name);
        return new PushedImage(name.Familiar, name.Tag!, image.Digest.ToString(), image.Content.Length);

        void Retrying(string message) => whole.Report(TransferPhase.Retrying, message: message);
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

    private static async Task<bool> PutManifestAsync(RegistrySession session, StoredImage image, CancellationToken cancellationToken)
    {
        var what = $"the manifest of '{session.Reference.Familiar}'";
        using var response = await session.SendAsync(MakeRequest, what, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.Created ? true : throw session.Explain(response, what);

        HttpRequestMessage MakeRequest()
        {
            var body = new ByteArrayContent(image.Content);
            body.Headers.ContentType = new MediaTypeHeaderValue(image.MediaType);
            return new HttpRequestMessage(HttpMethod.Put, session.ManifestAddress(session.Reference.Tag!)) { Content = body };
        }
    }

    /// <summary>Remembers the digest by which the registry knows the image, unless that was removed meanwhile.</summary>
    private void Note(StoredImage image, ImageReference name)
    {
        var digest = name.WithDigest(image.Digest.ToString()).ToString();
        store.Update(index => index.Images.TryGetValue(image.Record.Id, out var present) ? index.With(present, null, digest) : index);
        events?.Publish(
            EngineEventType.Image, "push", image.Record.Id, new Dictionary<string, string> { ["name"] = name.Familiar });
    }

    private static string ItemOf(LayerReference layer) => Digest.Parse(layer.DiffId, "a layer").Short;
}
