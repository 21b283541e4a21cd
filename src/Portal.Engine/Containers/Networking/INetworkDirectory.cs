using Portal.Engine.Networks;

namespace Portal.Engine.Containers.Networking;

/// <summary>Networks together with the containers on them: what lists, details and clean-ups are made of.</summary>
/// <remarks>
/// Wherever a <c>network</c> is taken, a full id, a name, or a unique prefix of an id is understood, in this order. May be called
/// from any thread.
/// </remarks>
public interface INetworkDirectory
{
    /// <summary>Networks that a filter lets through, by name.</summary>
    Task<IReadOnlyList<NetworkListing>> ListAsync(NetworkFilter filter, CancellationToken cancellationToken = default);

    /// <summary>One network without its containers.</summary>
    /// <exception cref="Errors.EngineException">NotFound. InvalidArgument: several ids begin so.</exception>
    Task<NetworkSummary> FindAsync(string network, CancellationToken cancellationToken = default);

    /// <summary>One network.</summary>
    /// <exception cref="Errors.EngineException">NotFound. InvalidArgument: several ids begin so.</exception>
    Task<NetworkListing> InspectAsync(string network, CancellationToken cancellationToken = default);

    /// <summary>What <see cref="PruneAsync"/> would remove now: networks made by users that no running container is on.</summary>
    Task<IReadOnlyList<NetworkListing>> PreviewPruneAsync(NetworkPruneFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Removes networks made by users that no running container is on. One that gets a container meanwhile stays.</summary>
    /// <returns>The names of those that are gone.</returns>
    Task<IReadOnlyList<string>> PruneAsync(NetworkPruneFilter filter, CancellationToken cancellationToken = default);
}
