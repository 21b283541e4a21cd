using System.Text.Json.Nodes;
using Portal.Engine.Builds.Caching;
using Portal.Engine.Builds.Execution.States;
using Portal.Engine.Content;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Distribution.Signatures;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Store;

namespace Portal.Engine.Builds.Execution;

/// <summary>The images that stages begin with or copy from: those that are here, or pulled.</summary>
internal sealed class BaseImages(
    ImageStore store, HeldImages held, ContentStore content, IImages images, IRegistries registries, IImageGuard? guard = null)
{
    private const string Scratch = "scratch";
    private const string DockerHub = "https://index.docker.io/v1/";
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>A stage that begins with an image.</summary>
    /// <exception cref="EngineException">As pulling gives them.</exception>
    public async Task<StageState> OpenAsync(
        BuildSession session, string name, ImagePlatform? platform, int step, int stage, CancellationToken cancellationToken)
    {
        var wanted = platform ?? session.Platform;
        if (name == Scratch)
        {
            var empty = new StageState { Platform = wanted ?? PlatformChoice.Host };
            empty.Settings.SetList("Env", [DefaultPath]);
            return empty;
        }

        var (record, bytes) = await ReadAsync(session, name, wanted, step, stage, cancellationToken).ConfigureAwait(false);
        return Read(bytes, record);
    }

    /// <summary>The cache in an image: see <see cref="InlineCache"/>. Empty for one without.</summary>
    /// <exception cref="EngineException">As pulling gives them.</exception>
    public async Task<IReadOnlyList<CacheRecord>> ReadCacheAsync(BuildSession session, string name, CancellationToken cancellationToken)
    {
        var (record, bytes) = await ReadAsync(session, name, session.Platform, 0, 0, cancellationToken).ConfigureAwait(false);
        return InlineCache.Read(bytes, Read(bytes, record).Layers.ConvertAll(layer => (layer.DiffId, layer.ChainId)));
    }

    private async Task<(ImageRecord Record, byte[] Configuration)> ReadAsync(
        BuildSession session, string name, ImagePlatform? wanted, int step, int stage, CancellationToken cancellationToken)
    {
        var id = await FindAsync(session, name, wanted, step, stage, cancellationToken).ConfigureAwait(false);
        var record = store.Index.Find(id)?.Image
            ?? throw EngineException.NotFound($"The image '{name}' was removed while the build began. Build again.");

        if (guard is not null)
        {
            var used = new UsedImage(name, record.Id, [.. record.Names, .. record.Variants, .. record.Digests]);
            await guard.CheckUseAsync(used, cancellationToken).ConfigureAwait(false);
        }

        // Held first, looked at then: an image that is there after that stays whole.
        await session.Lease.HoldLayersAsync(record.Layers.Select(layer => Digest.Parse(layer.ChainId, "a layer")), cancellationToken)
            .ConfigureAwait(false);
        record = held.Hold(record, session.Lease).Image;
        var bytes = await content.ReadAsync(Digest.Parse(record.Id, "an image"), FormatJson.MaxBytes, cancellationToken)
            .ConfigureAwait(false);
        return (record, bytes);
    }

    private async Task<string> FindAsync(
        BuildSession session, string name, ImagePlatform? wanted, int step, int stage, CancellationToken cancellationToken)
    {
        // An id is nothing that a registry knows.
        var index = store.Index;
        var match = index.Find(name);
        var local = match is null || wanted is null ? match?.Image : index.Choose(match, wanted) ?? match.Image;
        if (local is not null && !session.Request.Pull && await FitsAsync(local.Id, wanted, cancellationToken).ConfigureAwait(false))
        {
            return local.Id;
        }

        if (!ImageReference.TryParse(name, out var reference))
        {
            throw EngineException.InvalidArgument($"invalid reference format: '{name}' is no name of an image");
        }

        session.Report.Tell(BuildEventKind.Note, step, stage, $"Pulling from {reference.FamiliarRepository}");
        var progress = new Relay(progress => session.Report.Pulling(step, stage, progress));
        var pulled = Credentials(session.Request.Credentials, reference.Domain) is { } credentials
            ? await registries.PullAsync(name, credentials, wanted, progress, cancellationToken).ConfigureAwait(false)
            : await images.PullAsync(name, wanted, progress, cancellationToken).ConfigureAwait(false);
        return pulled.Id;
    }

    private async Task<bool> FitsAsync(string id, ImagePlatform? wanted, CancellationToken cancellationToken)
    {
        return wanted is null
            || !PlatformChoice.IsOther(wanted, (await images.InspectAsync(id, cancellationToken).ConfigureAwait(false)).Platform);
    }

    private static RegistryCredentials? Credentials(IReadOnlyDictionary<string, RegistryCredentials> all, string domain)
    {
        return all.TryGetValue(domain, out var given) ? given
            : domain == "docker.io" ? all.GetValueOrDefault(DockerHub)
            : all.FirstOrDefault(pair => Uri.TryCreate(pair.Key, UriKind.Absolute, out var address) && address.Authority == domain).Value;
    }

    private static StageState Read(byte[] bytes, ImageRecord record)
    {
        var configuration = ImageConfiguration.Read(bytes);
        var document = JsonNode.Parse(bytes) as JsonObject ?? [];
        var state = new StageState
        {
            Platform = configuration.Platform,
            Settings = new ImageSettings(document["config"]?.DeepClone() as JsonObject ?? []),
            Author = document["author"] is JsonValue author ? (string?)author : null,
            Created = configuration.Created,
        };
        foreach (var layer in record.Layers)
        {
            state.Layers.Add(new StageLayer(
                Digest.Parse(layer.DiffId, "a layer"), Digest.Parse(layer.ChainId, "a layer"), Digest.Parse(layer.Blob, "a layer")));
        }

        foreach (var step in document["history"] as JsonArray ?? [])
        {
            state.History.Add(step?.DeepClone() as JsonObject ?? []);
        }

        if (!state.Settings.Environment.Any(variable => variable.StartsWith("PATH=", StringComparison.Ordinal)))
        {
            state.Settings.SetList("Env", [DefaultPath, .. state.Settings.Environment]);
        }

        return state;
    }

    private sealed class Relay(Action<TransferProgress> report) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => report(value);
    }
}
