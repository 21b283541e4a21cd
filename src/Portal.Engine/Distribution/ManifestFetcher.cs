using System.Net.Http.Headers;
using Portal.Engine.Content;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Distribution.Queries;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Distribution;

/// <summary>Gets manifests and configurations: small, whole, verified.</summary>
internal sealed class ManifestFetcher(RegistryHttp http, RegistryRetry retry)
{
    private const int MaxIndexDepth = 3;

    /// <summary>The manifest of a tag or digest for a platform; through indexes where there are some.</summary>
    /// <param name="session">The repository.</param>
    /// <param name="platform">What to choose from an index.</param>
    /// <param name="onRetry">Told before each pause.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<FetchedManifest> FetchAsync(
        RegistrySession session, ImagePlatform platform, Action<string> onRetry, CancellationToken cancellationToken)
    {
        var wanted = session.Reference.Digest ?? session.Reference.Tag!;
        Digest? root = null;
        byte[]? list = null;
        for (var depth = 0; depth < MaxIndexDepth; depth++)
        {
            var what = $"'{session.Reference.FamiliarRepository}' with {(wanted.Contains(':') ? "digest" : "tag")} '{wanted}'";
            var content = await FetchOneAsync(session, wanted, what, onRetry, cancellationToken).ConfigureAwait(false);
            var digest = Digest.Of(content);
            root ??= digest;
            var document = ManifestReader.Read(content, $"The manifest of {what}");
            if (document.Manifests is null)
            {
                var manifest = ManifestReader.ReadManifest(content, $"The manifest of {what}");
                return new FetchedManifest(root.Value, depth == 1 ? list : null, digest, content, manifest);
            }

            list = content;

            wanted = PlatformChoice.Choose(document, platform, what).Check($"an entry of {what}", FormatJson.MaxBytes).Digest!;
        }

        throw EngineException.InvalidArgument(
            $"'{session.Reference.Familiar}' has indexes in indexes more than {MaxIndexDepth} deep: it is damaged.");
    }

    /// <summary>What a tag or digest points at: a manifest or an index, and the platforms that it is for.</summary>
    public async Task<DescribedImage> DescribeAsync(RegistrySession session, CancellationToken cancellationToken)
    {
        var what = $"'{session.Reference.Familiar}'";
        var wanted = session.Reference.Digest ?? session.Reference.Tag!;
        var content = await FetchOneAsync(session, wanted, what, _ => { }, cancellationToken).ConfigureAwait(false);
        var document = ManifestReader.Read(content, $"The manifest of {what}");
        var platforms = document.Manifests is { } entries
            ? [.. entries.Where(entry => entry.Platform is not null).Select(entry => PlatformChoice.From(entry.Platform!))]
            : new[] { await ReadPlatformAsync(session, content, what, cancellationToken).ConfigureAwait(false) };
        var type = document.MediaType ?? (document.Manifests is null ? MediaTypes.OciManifest : MediaTypes.OciIndex);
        return new DescribedImage(type, Digest.Of(content).ToString(), content.Length, platforms);
    }

    /// <summary>What a tag points at, without reading it where the registry tells its digest.</summary>
    public async Task<ResolvedTag> ResolveAsync(RegistrySession session, CancellationToken cancellationToken)
    {
        var what = $"'{session.Reference.Familiar}'";
        var wanted = session.Reference.Digest ?? session.Reference.Tag!;
        try
        {
            using var response = await session.HeadAsync(session.ManifestAddress(wanted), Accept, what, cancellationToken)
                .ConfigureAwait(false);
            if (response.Headers.TryGetValues("Docker-Content-Digest", out var values))
            {
                return new ResolvedTag(Digest.Parse(values.First(), what).ToString());
            }
        }
        catch (TransientRegistryException failure) when (failure.IsLimit)
        {
            return new ResolvedTag(null, failure.RetryAfter);
        }
        catch (TransientRegistryException failure)
        {
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"The registry {session.Registry} could not be asked for {what}: {failure.Message}. Try again later.",
                failure);
        }

        // The header is no must (distribution-spec, "Pulling manifests"); then the bytes tell.
        var content = await FetchOneAsync(session, wanted, what, _ => { }, cancellationToken).ConfigureAwait(false);
        return new ResolvedTag(Digest.Of(content).ToString());
    }

    /// <summary>What another tag or a digest of the session's repository points at, as it is.</summary>
    public Task<byte[]> FetchTagAsync(
        RegistrySession session, string tag, CancellationToken cancellationToken, int maxBytes = FormatJson.MaxBytes) =>
        FetchOneAsync(
            session, tag, $"'{session.Reference.FamiliarRepository}' with {(tag.Contains(':') ? "digest" : "tag")} '{tag}'", _ => { },
            cancellationToken, maxBytes);

    /// <summary>A small blob, such as a configuration.</summary>
    public Task<byte[]> FetchBlobAsync(
        RegistrySession session, Descriptor blob, string what, Action<string> onRetry, CancellationToken cancellationToken,
        int maxBytes = FormatJson.MaxBytes)
    {
        return retry.RunAsync(what, _ => GetBlobAsync(), onRetry, cancellationToken);

        async Task<byte[]> GetBlobAsync()
        {
            using var response = await session.GetAsync(
                session.BlobAddress(blob.Digest!), _ => { }, what, cancellationToken).ConfigureAwait(false);
            var content = await http.ReadBodyAsync(response, maxBytes, what, cancellationToken).ConfigureAwait(false);
            return content.Length == blob.Size && Digest.Of(content).ToString() == blob.Digest
                ? content
                : throw EngineException.InvalidArgument(
                    $"The registry {session.Registry} sends something else for {what}: size or digest differ.");
        }
    }

    private async Task<ImagePlatform> ReadPlatformAsync(
        RegistrySession session, byte[] content, string what, CancellationToken cancellationToken)
    {
        var manifest = ManifestReader.ReadManifest(content, $"The manifest of {what}");
        var bytes = await FetchBlobAsync(session, manifest.Config!, $"the configuration of {what}", _ => { }, cancellationToken)
            .ConfigureAwait(false);
        return ImageConfiguration.Read(bytes, manifest.Layers!.Count).Platform;
    }

    private Task<byte[]> FetchOneAsync(
        RegistrySession session, string wanted, string what, Action<string> onRetry, CancellationToken cancellationToken,
        int maxBytes = FormatJson.MaxBytes)
    {
        return retry.RunAsync(what, _ => GetManifestAsync(), onRetry, cancellationToken);

        async Task<byte[]> GetManifestAsync()
        {
            using var response = await session.GetAsync(session.ManifestAddress(wanted), Accept, what, cancellationToken)
                .ConfigureAwait(false);
            var content = await http.ReadBodyAsync(response, maxBytes, $"The manifest of {what}", cancellationToken)
                .ConfigureAwait(false);
            if (response.Content.Headers.ContentType?.MediaType == "text/html")
            {
                throw EngineException.InvalidArgument(
                    $"{session.Registry} answers the request for {what} with a web page. It is no registry, "
                    + "or a login page is in between.");
            }

            CheckDigest(session, wanted, what, response, content);
            return content;
        }
    }

    private static void Accept(HttpRequestHeaders headers)
    {
        foreach (var type in new[] { MediaTypes.OciIndex, MediaTypes.DockerList, MediaTypes.OciManifest, MediaTypes.DockerManifest })
        {
            headers.Accept.ParseAdd(type);
        }
    }

    private static void CheckDigest(RegistrySession session, string wanted, string what, HttpResponseMessage response, byte[] content)
    {
        var actual = Digest.Of(content).ToString();
        var claimed = response.Headers.TryGetValues("Docker-Content-Digest", out var values) ? values.First() : actual;
        var expected = wanted.Contains(':') ? wanted : claimed;
        if (actual != expected)
        {
            throw EngineException.InvalidArgument(
                $"The registry {session.Registry} sends something else for {what}: it has the digest {actual}, not {expected}.");
        }
    }
}
