using Portal.Engine.Containers.Files;
using Portal.Engine.Containers.Joining;
using Portal.Engine.Errors;
using Portal.Engine.Networks;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>Connects and disconnects containers, and writes down which networks they want at their next start.</summary>
internal sealed class ContainerNetworks(ContainerRegistry registry, INetworks networks) : IContainerNetworks
{
    private const string None = "none";

    /// <summary>The networks that a container wants to be on, the first with its first interface.</summary>
    public static IReadOnlyList<NetworkConnection> Wanted(Container container)
    {
        if (container.Record.Networks is { } changed)
        {
            return changed;
        }

        var spec = container.Spec;
        var mode = spec.NetworkMode is "" or "default" ? "bridge" : spec.NetworkMode;
        if (!IsOwn(spec))
        {
            return [];
        }

        var first = spec.Networks.FirstOrDefault(network => network.Network == mode) ?? new NetworkConnection { Network = mode };
        if (first.MacAddress is null && spec.MacAddress.Length > 0)
        {
            first = first with { MacAddress = spec.MacAddress };
        }

        return [first, .. spec.Networks.Where(network => network.Network != mode)];
    }

    /// <summary>
    /// The networks of one that was found running, for its record: what it is on. An engine that was killed in a connection or its end has
    /// made it so, and may not have written it down.
    /// </summary>
    public static IReadOnlyList<NetworkConnection>? Found(Container container, NetworkSandbox? sandbox)
    {
        var record = container.Record;
        if (sandbox is null || (record.Networks is null && !IsOwn(container.Spec)))
        {
            return record.Networks;
        }

        static bool IsOn(NetworkConnection wanted, NetworkEndpoint endpoint) => Means(wanted, endpoint.NetworkName, endpoint.NetworkId);
        var wanted = Wanted(container);
        var kept = wanted.Where(connection => sandbox.Endpoints.Any(endpoint => IsOn(connection, endpoint))).ToList();
        var added = sandbox.Endpoints.Where(endpoint => !wanted.Any(connection => IsOn(connection, endpoint))).ToList();
        return kept.Count == wanted.Count && added.Count == 0
            ? record.Networks
            : [.. kept, .. added.Select(endpoint => new NetworkConnection { Network = endpoint.NetworkName })];
    }

    /// <summary>True when the container has interfaces of its own.</summary>
    public static bool IsOwn(ContainerSpec spec)
    {
        return spec.NetworkMode is not ("host" or None) && !spec.NetworkMode.StartsWith("container:", StringComparison.Ordinal);
    }

    public async Task ConnectAsync(string container, NetworkConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var found = Find(container);
        var network = await NetworkAsync(connection.Network, cancellationToken).ConfigureAwait(false);
        using (await found.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            var wanted = Wanted(found);
            if (IsAlone(found))
            {
                throw new EngineException(
                    EngineErrorKind.Forbidden,
                    "container cannot be connected to multiple networks with one of the networks in private (none) mode");
            }

            if (wanted.Any(other => Means(other, network)))
            {
                throw new EngineException(
                    EngineErrorKind.Forbidden, $"endpoint with name {found.Record.Name} already exists in network {network.Name}");
            }

            // Of one that runs the networks see to it; this one would be on the host's network with its next start.
            if (network.Driver == NetworkCatalog.HostDriver && !found.IsRunning)
            {
                throw new EngineException(
                    EngineErrorKind.Forbidden, "container cannot be disconnected from host network or connected to host network");
            }

            var sandbox = found.Network;
            if (found.IsRunning)
            {
                sandbox = await networks.ConnectAsync(found.Id, connection, cancellationToken).ConfigureAwait(false);
                NetworkFiles.Write(found, sandbox, LinkedNames.OfRunning(found, sandbox, registry));
            }

            found.Change(found.Record with { Networks = [.. wanted, connection with { Network = network.Name }] }, sandbox, durable: true);
        }
    }

    public async Task DisconnectAsync(string container, string network, CancellationToken cancellationToken = default)
    {
        var found = Find(container);
        var summary = await NetworkAsync(network, cancellationToken).ConfigureAwait(false);
        using (await found.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            var wanted = Wanted(found);
            var rest = wanted.Where(other => !Means(other, summary)).ToList();
            if (IsAlone(found) && summary.Name == None)
            {
                // From here on it may be connected to others.
                found.Change(found.Record with { Networks = [] }, found.Network, durable: true);
                return;
            }

            if (rest.Count == wanted.Count)
            {
                throw EngineException.NotFound($"container {found.Id} is not connected to network {summary.Name}");
            }

            var sandbox = found.Network;
            if (found.IsRunning)
            {
                sandbox = await networks.DisconnectAsync(found.Id, summary.Id, cancellationToken).ConfigureAwait(false);
                NetworkFiles.Write(found, sandbox, LinkedNames.OfRunning(found, sandbox, registry));
            }

            found.Change(found.Record with { Networks = rest }, sandbox, durable: true);
        }
    }

    /// <summary>True for one that was to be on no network, as long as nobody takes it from "none".</summary>
    private static bool IsAlone(Container container) => container.Spec.NetworkMode == None && container.Record.Networks is null;

    private Container Find(string container)
    {
        var found = registry.Get(container);
        return IsOwn(found.Spec) || found.Record.Networks is not null || found.Spec.NetworkMode == None
            ? found
            : throw new EngineException(
                EngineErrorKind.Forbidden,
                "container sharing network namespace with another container or host cannot be connected to any other network");
    }

    private async Task<NetworkSummary> NetworkAsync(string name, CancellationToken cancellationToken)
    {
        var all = await networks.ListAsync(cancellationToken).ConfigureAwait(false);
        return all.FirstOrDefault(network => network.Name == name || network.Id == name)
            ?? throw EngineException.NotFound($"network {name} not found");
    }

    private static bool Means(NetworkConnection connection, NetworkSummary network) => Means(connection, network.Name, network.Id);

    private static bool Means(NetworkConnection connection, string name, string id)
    {
        return connection.Network == name
            || (connection.Network.Length >= 12 && id.StartsWith(connection.Network, StringComparison.Ordinal));
    }
}
