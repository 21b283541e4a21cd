using Portal.Engine.Errors;
using Portal.Engine.Events;
using Portal.Engine.Networks;

namespace Portal.Engine.Containers.Networking;

/// <summary>Keeps nothing: each call looks at what is there.</summary>
/// <param name="networks">The networks.</param>
/// <param name="containers">The containers that may be on them.</param>
/// <param name="events">Hears of prunes.</param>
public sealed class NetworkDirectory(INetworks networks, IContainers containers, IEngineEvents events) : INetworkDirectory
{
    private const int ShortestPrefix = 12;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NetworkListing>> ListAsync(NetworkFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return [.. (await AllAsync(cancellationToken).ConfigureAwait(false)).Where(filter.Allows)];
    }

    /// <inheritdoc/>
    public async Task<NetworkSummary> FindAsync(string network, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        var all = await networks.ListAsync(cancellationToken).ConfigureAwait(false);
        var exact = all.FirstOrDefault(one => one.Id == network) ?? all.FirstOrDefault(one => one.Name == network);
        if (exact is not null)
        {
            return exact;
        }

        var found = network.Length == 0 ? [] : all.Where(one => one.Id.StartsWith(network, StringComparison.Ordinal)).ToList();
        return found switch
        {
            [var one] => one,
            [] => throw EngineException.NotFound($"network {network} not found"),
            _ => throw EngineException.InvalidArgument($"network {network} is ambiguous ({found.Count} matches found on ID prefix)"),
        };
    }

    /// <inheritdoc/>
    public async Task<NetworkListing> InspectAsync(string network, CancellationToken cancellationToken = default)
    {
        var found = await FindAsync(network, cancellationToken).ConfigureAwait(false);
        var all = await containers.ListAsync(all: true, cancellationToken).ConfigureAwait(false);
        return new NetworkListing(found, Members(found, all));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NetworkListing>> PreviewPruneAsync(
        NetworkPruneFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return [.. (await AllAsync(cancellationToken).ConfigureAwait(false)).Where(filter.Allows)];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> PruneAsync(NetworkPruneFilter filter, CancellationToken cancellationToken = default)
    {
        var removed = new List<string>();
        foreach (var listing in await PreviewPruneAsync(filter, cancellationToken).ConfigureAwait(false))
        {
            if (await TryRemoveAsync(listing.Network, cancellationToken).ConfigureAwait(false))
            {
                removed.Add(listing.Network.Name);
            }
        }

        events.PublishPrune(EngineEventType.Network, 0);
        return removed;
    }

    private async Task<bool> TryRemoveAsync(NetworkSummary network, CancellationToken cancellationToken)
    {
        try
        {
            await networks.RemoveAsync(network.Id, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (EngineException failure) when (failure.Kind is EngineErrorKind.Forbidden or EngineErrorKind.NotFound)
        {
            // Somebody came to use it, or was faster.
            return false;
        }
    }

    private async Task<IReadOnlyList<NetworkListing>> AllAsync(CancellationToken cancellationToken)
    {
        var found = await networks.ListAsync(cancellationToken).ConfigureAwait(false);
        var all = await containers.ListAsync(all: true, cancellationToken).ConfigureAwait(false);
        return [.. found.OrderBy(network => network.Name, StringComparer.Ordinal)
            .Select(network => new NetworkListing(network, Members(network, all)))];
    }

    private static IReadOnlyList<NetworkMember> Members(NetworkSummary network, IReadOnlyList<ContainerInfo> containers)
    {
        return
        [
            .. containers
                .Select(container => Member(network, container))
                .OfType<NetworkMember>()
                .OrderBy(member => member.Endpoint is null)
                .ThenBy(member => member.Container.Name, StringComparer.Ordinal),
        ];
    }

    private static NetworkMember? Member(NetworkSummary network, ContainerInfo container)
    {
        var endpoint = container.Network?.Endpoints.FirstOrDefault(candidate => candidate.NetworkId == network.Id);
        var connection = container.Networks.FirstOrDefault(wanted => Means(wanted.Network, network));
        var isMember = endpoint is not null || (connection is not null && container.Network is null);
        return isMember ? new NetworkMember(container, endpoint) { Connection = connection } : null;
    }

    private static bool Means(string wanted, NetworkSummary network)
    {
        return wanted == network.Name || (wanted.Length >= ShortestPrefix && network.Id.StartsWith(wanted, StringComparison.Ordinal));
    }
}
