using Portal.Engine.Distribution.Connections;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Distribution.Queries;

/// <summary>Searches a registry: by its own search, else through its catalogue.</summary>
internal sealed class RegistrySearcher(
    RegistryEndpoints endpoints, RegistryHttp http, EngineOptions options, NameLists lists, RegistryRetry retry)
{
    private const string DockerHub = "docker.io";
    private const int MaxBytes = 1 << 20;

    // So many are put in order; what a longer catalogue has beyond them is left out.
    private const int MaxMatches = 2000;

    public async Task<RepositorySearch> SearchAsync(
        string domain, string term, int limit, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > 100)
        {
            throw EngineException.InvalidArgument($"limit {limit} is outside the range of [1, 100]");
        }

        // Docker Hub searches on another host than it serves images from; logins to that one are no business of this one.
        var endpoint = domain == DockerHub
            ? new RegistryEndpoint(domain, new Uri("https://index.docker.io/"))
            : await endpoints.FindAsync(domain, cancellationToken).ConfigureAwait(false);
        var channel = new RegistryChannel(endpoint, http, options, domain == DockerHub ? null : credentials, "registry:catalog:*");
        return await AskAsync(channel, term, limit, cancellationToken).ConfigureAwait(false)
            ?? await ReadCatalogueAsync(channel, term, limit, cancellationToken).ConfigureAwait(false);
    }

    /// <returns>Null when the registry has no search, or keeps it from us.</returns>
    private async Task<RepositorySearch?> AskAsync(RegistryChannel channel, string term, int limit, CancellationToken cancellationToken)
    {
        var what = $"a search for '{term}'";
        var address = new Uri(channel.Address, $"v1/search?q={Uri.EscapeDataString(term)}&n={limit}");
        var isHub = channel.Registry == DockerHub;
        try
        {
            var body = await retry.RunAsync(what, _ => GetAsync(), _ => { }, cancellationToken).ConfigureAwait(false);
            var page = FormatJson.Parse(body, SearchJson.Default.SearchPage, $"The answer to {what}");
            var found = (page.Results ?? []).OfType<SearchResult>().Where(result => !string.IsNullOrEmpty(result.Name)).ToList();
            return page.Results is null && !isHub
                ? null
                : new RepositorySearch([.. found.Take(limit).Select(Map)], found.Count > limit || page.Count > found.Count);
        }
        catch (EngineException failure) when (!isHub && failure.Kind is not EngineErrorKind.Unavailable)
        {
            return null;
        }

        async Task<byte[]> GetAsync()
        {
            using var response = await channel.GetAsync(address, _ => { }, what, cancellationToken).ConfigureAwait(false);
            return await http.ReadBodyAsync(response, MaxBytes, what, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<RepositorySearch> ReadCatalogueAsync(
        RegistryChannel channel, string term, int limit, CancellationToken cancellationToken)
    {
        try
        {
            var list = await lists.ReadRepositoriesAsync(
                channel, name => name.Contains(term, StringComparison.OrdinalIgnoreCase), MaxMatches, cancellationToken)
                    .ConfigureAwait(false);
            var ranked = list.Names.OrderBy(name => Rank(name, term)).Select(name => new FoundRepository { Name = name });
            return new RepositorySearch([.. ranked.Take(limit)], list.IsTruncated || list.Names.Count > limit);
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
        {
            throw new EngineException(
                EngineErrorKind.NotFound, $"The registry {channel.Registry} has neither a search nor a catalogue.", failure);
        }
    }

    private static int Rank(string name, string term)
    {
        var last = name[(name.LastIndexOf('/') + 1)..];
        return last.Equals(term, StringComparison.OrdinalIgnoreCase) ? 0
            : last.StartsWith(term, StringComparison.OrdinalIgnoreCase) ? 1
            : 2;
    }

    private static FoundRepository Map(SearchResult result) => new()
    {
        Name = result.Name!,
        Description = result.Description ?? "",
        Stars = result.StarCount,
        IsOfficial = result.IsOfficial,
        IsAutomated = result.IsAutomated,
    };
}
