using Portal.Engine.Distribution.Connections;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Distribution.Queries;

/// <summary>
/// Reads lists that come in pages (distribution-spec, "Listing tags"; distribution, "Catalog"). Bounded in names, bytes and pages; what can be
/// no name is left out, so that nothing else gets into an address.
/// </summary>
internal sealed class NameLists(RegistryHttp http, RegistryRetry retry)
{
    private const int PageSize = 1000;
    private const int MaxPages = 200;

    /// <summary>The tags of a repository.</summary>
    public Task<NameList> ReadTagsAsync(RegistrySession session, int limit, CancellationToken cancellationToken)
    {
        var what = $"the tags of '{session.Reference.FamiliarRepository}'";
        return ReadAsync(
            session, session.TagsAddress($"?n={PageSize}"), what, page => page.Tags, ImageReference.IsTag, limit, cancellationToken);
    }

    /// <summary>The repositories of a registry that a test lets through.</summary>
    public Task<NameList> ReadRepositoriesAsync(
        RegistryChannel channel, Func<string, bool> matches, int limit, CancellationToken cancellationToken)
    {
        return ReadAsync(
            channel,
            new Uri(channel.Address, $"v2/_catalog?n={PageSize}"),
            $"the catalogue of {channel.Registry}",
            page => page.Repositories,
            name => ImageReference.TryParse($"{channel.Registry}/{name}", out var reference) && reference.Path == name && matches(name),
            limit,
            cancellationToken);
    }

    private async Task<NameList> ReadAsync(
        RegistryChannel channel, Uri first, string what, Func<NamePage, IReadOnlyList<string?>?> select, Func<string, bool> matches,
        int limit, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var address = first;
        for (var pages = 0; address is not null; pages++)
        {
            if (pages == MaxPages)
            {
                return new NameList([.. names], IsTruncated: true);
            }

            var target = address;
            var (page, next) = await retry.RunAsync(
                what, _ => ReadPageAsync(channel, target, what, cancellationToken), _ => { }, cancellationToken).ConfigureAwait(false);
            foreach (var name in (select(page) ?? []).OfType<string>().Where(matches))
            {
                if (names.Count == limit && !names.Contains(name))
                {
                    return new NameList([.. names], IsTruncated: true);
                }

                names.Add(name);
            }

            address = next;
        }

        return new NameList([.. names], IsTruncated: false);
    }

    private async Task<(NamePage Page, Uri? Next)> ReadPageAsync(
        RegistryChannel channel, Uri address, string what, CancellationToken cancellationToken)
    {
        using var response = await channel.GetAsync(address, _ => { }, what, cancellationToken).ConfigureAwait(false);
        var body = await http.ReadBodyAsync(response, FormatJson.MaxBytes, what, cancellationToken).ConfigureAwait(false);
        var page = FormatJson.Parse(body, NameJson.Default.NamePage, $"The list of {what}");
        return (page, FindNext(response, address));
    }

    /// <summary>Where <c>Link: &lt;...&gt;; rel="next"</c> leads to: on within the registry, never to another host.</summary>
    internal static Uri? FindNext(HttpResponseMessage response, Uri address)
    {
        var link = response.Headers.TryGetValues("Link", out var values) ? values.First() : "";
        var end = link.IndexOf('>', StringComparison.Ordinal);
        if (!link.StartsWith('<') || end < 0 || !link.Contains("next", StringComparison.Ordinal))
        {
            return null;
        }

        return Uri.TryCreate(address, link[1..end], out var next) && RegistryHttp.IsSameOrigin(next, address) && next != address
            ? next
            : throw EngineException.InvalidArgument($"The registry at {address.Authority} says that its list goes on elsewhere.");
    }
}
