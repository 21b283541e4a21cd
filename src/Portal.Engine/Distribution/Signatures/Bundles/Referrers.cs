using Portal.Engine.Content;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Distribution.Queries;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Distribution.Signatures.Bundles;

/// <summary>
/// Lists what refers to a manifest in its repository (distribution-spec, "Listing Referrers"): by the registry's own list, or where it keeps none
/// by the list that clients keep under the tag <c>sha256-DIGEST</c>.
/// </summary>
/// <remarks>Singleton; any thread. Bounded in bytes and pages.</remarks>
internal sealed class Referrers(ManifestFetcher manifests, RegistryHttp http, RegistryRetry retry)
{
    private const int MaxPages = 4;

    /// <summary>All of it, in the list's order; empty when nothing does.</summary>
    /// <exception cref="EngineException">Unavailable: the registry could not be asked. Otherwise: its list is none.</exception>
    public async Task<IReadOnlyList<ReferrerEntry>> ListAsync(RegistrySession session, Digest digest, CancellationToken cancellationToken)
    {
        var what = $"the list of what refers to {digest}";
        var found = new List<ReferrerEntry>();
        Uri? address = session.ReferrersAddress(digest.ToString());
        for (var pages = 0; address is not null && pages < MaxPages; pages++)
        {
            var target = address;
            var page = await retry.RunAsync(what, _ => GetAsync(session, target, what, cancellationToken), _ => { }, cancellationToken)
                .ConfigureAwait(false);
            if (page is not { } answer)
            {
                return await ReadTagAsync(session, digest, what, cancellationToken).ConfigureAwait(false);
            }

            found.AddRange(Parse(answer.Content, what));
            address = answer.Next;
        }

        return found;
    }

    // Null when the registry knows no such lists. By the specification that is 404; what is in front of some has other words for it.
    private async Task<(byte[] Content, Uri? Next)?> GetAsync(
        RegistrySession session, Uri address, string what, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await session.GetAsync(address, headers => headers.Accept.ParseAdd(MediaTypes.OciIndex), what, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (EngineException failure) when (failure.Kind is not EngineErrorKind.Unavailable)
        {
            return null;
        }

        using (response)
        {
            if (response.Content.Headers.ContentType?.MediaType == "text/html")
            {
                return null;
            }

            var content = await http.ReadBodyAsync(response, FormatJson.MaxBytes, what, cancellationToken).ConfigureAwait(false);
            return (content, NameLists.FindNext(response, address));
        }
    }

    private async Task<IReadOnlyList<ReferrerEntry>> ReadTagAsync(
        RegistrySession session, Digest digest, string what, CancellationToken cancellationToken)
    {
        try
        {
            return Parse(await manifests.FetchTagAsync(session, $"sha256-{digest.Hex}", cancellationToken).ConfigureAwait(false), what);
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
        {
            return [];
        }
    }

    private static List<ReferrerEntry> Parse(byte[] content, string what)
    {
        var document = FormatJson.Parse(content, BundleJson.Default.ReferrerDocument, what);
        return document is { SchemaVersion: 2, Manifests: { } entries }
            ? [.. entries.OfType<ReferrerEntry>()]
            : throw EngineException.InvalidArgument($"{what} is no index.");
    }
}
