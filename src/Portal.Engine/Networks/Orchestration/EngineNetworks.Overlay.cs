using System.Collections.Concurrent;
using System.Net;
using Portal.Engine.Errors;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Dns;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Networks.Overlay;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Networks.Orchestration;

/// <summary>This node's part of networks that span nodes.</summary>
internal sealed partial class EngineNetworks
{
    // More than a table of ours has, by far: 16 million addresses are not told one by one.
    private const int LargestTable = 65_536;
    private const int LongestName = 253;

    private readonly StateFolder<OverlayTable> _tables;
    private readonly ConcurrentDictionary<string, OverlayTable> _peers = new(StringComparer.Ordinal);

    public Task EnsureAsync(NetworkRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _gate.RunAloneAsync(() => EnsureAloneAsync(request, cancellationToken), cancellationToken);
    }

    public async Task SetPeersAsync(OverlayTable table, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        Check(table);

        // Containers come and go often, and need no rule; nodes do.
        if (AreNodesNew(table))
        {
            await _gate.RunAloneAsync(() => Task.FromResult(SetPeers(table)), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await _gate.RunAsync(table.NetworkId, () => SetPeers(table), cancellationToken).ConfigureAwait(false);
        }
    }

    public IReadOnlyDictionary<string, long> Versions() => _catalog.All
        .Where(network => network.Overlay is not null)
        .ToDictionary(network => network.Id, network => _peers.GetValueOrDefault(network.Id)?.Version ?? 0, StringComparer.Ordinal);

    public IReadOnlyList<OverlayEndpoint> EndpointsOf(string networkId)
    {
        if (_catalog.Find(networkId) is not { Overlay: not null } network)
        {
            return [];
        }

        var endpoints = new List<OverlayEndpoint>
        {
            new(network.Gateway, HardwareAddress.FromAddress(IPAddress.Parse(network.Gateway))),
        };
        foreach (var record in _sandboxes.Values)
        {
            endpoints.AddRange(record.Sandbox.Endpoints
                .Where(endpoint => endpoint.NetworkId == network.Id)
                .Select(endpoint => new OverlayEndpoint(endpoint.Address, endpoint.MacAddress)
                {
                    Names = NameTable.NamesOf(record.Request, endpoint),
                    Targets = endpoint.Ingress,
                    State = StateOf(record),
                }));
        }

        return [.. endpoints.OrderBy(endpoint => endpoint.Address, StringComparer.Ordinal)];
    }

    private async Task EnsureAloneAsync(NetworkRequest request, CancellationToken cancellationToken)
    {
        if (request.Overlay is not { } place || _catalog.Find(place.NetworkId) is not { } present)
        {
            await CreateAloneAsync(request, cancellationToken).ConfigureAwait(false);
            return;
        }

        var asked = request.Subnets is [var only] ? (only.Subnet, only.IpRange, only.Gateway) : default;
        if (present.Overlay is not { } before
            || (before.Vni, before.Port) != (place.Vni, place.Port)
            || asked != (present.Subnet, present.IpRange, present.Gateway))
        {
            throw EngineException.Conflict(
                $"network {present.Name} is here with other addresses or another number ({present.Subnet}, {present.Overlay?.Vni}): "
                + "remove it on this node to have it made anew");
        }

        var changed = before == place ? present : present with { Overlay = place };
        DriverOf(changed.Driver).Ensure(changed);
        if (changed != present)
        {
            _catalog.Change(changed);
        }

        // The interface may be a new one.
        Spread(changed, PeersOf(changed));
    }

    private bool AreNodesNew(OverlayTable table) =>
        !NodesOf(_peers.GetValueOrDefault(table.NetworkId)?.Peers ?? []).SetEquals(NodesOf(table.Peers));

    private bool SetPeers(OverlayTable table)
    {
        var network = _catalog.Find(table.NetworkId);
        if (network is not { Overlay: not null })
        {
            throw EngineException.NotFound($"network {table.NetworkId} is not here, or does not span nodes");
        }

        CheckWithin(network, table);
        var isGuarded = !AreNodesNew(table);
        var before = _peers.GetValueOrDefault(network.Id, new OverlayTable(network.Id, 0));
        Spread(network, table.Peers);
        _peers[network.Id] = table;
        try
        {
            if (!isGuarded)
            {
                _firewall.Apply(Plan());
            }

            Balance();
            _tables.Save(network.Id, table);
        }
        catch
        {
            _peers[network.Id] = before;
            TryBalance();
            throw;
        }

        ForgetNames();
        return true;
    }

    private IReadOnlyList<OverlayPeer> PeersOf(NetworkDefinition network) => _peers.GetValueOrDefault(network.Id)?.Peers ?? [];

    private FirewallOverlay? Peering(NetworkDefinition network)
    {
        return network.Overlay is { } place
            ? new FirewallOverlay(
                place.Port, place.Vni, [.. NodesOf(PeersOf(network)).Order(StringComparer.Ordinal).Select(IPAddress.Parse)])
            : null;
    }

    private IEnumerable<RemoteName> RemoteNames()
    {
        return from network in _catalog.All
               from peer in PeersOf(network)
               from endpoint in peer.Endpoints
               where endpoint.Names.Count > 0
               select new RemoteName(network.Id, network.Name, IPAddress.Parse(endpoint.Address), endpoint.Names);
    }

    private void LoadPeers()
    {
        _peers.Clear();
        foreach (var (id, table) in _tables.Load())
        {
            if (table is null || table.NetworkId != id
                || _catalog.Find(id) is not { Overlay: not null } network || !IsSound(network, table))
            {
                // Whoever made it sends it again: this node then says that it has none.
                _tables.Delete(id);
                continue;
            }

            _peers[id] = table;
            try
            {
                Spread(network, table.Peers);
            }
            catch (EngineException exception)
            {
                LogNetworkMissing(network.Name, network.InterfaceName, exception);
            }
        }

        Balance();
    }

    private void ForgetPeers(NetworkDefinition network)
    {
        if (_peers.TryRemove(network.Id, out _))
        {
            _tables.Delete(network.Id);
            Balance();
        }
    }

    private void ForgetAllPeers()
    {
        foreach (var id in _tables.Load().Keys)
        {
            _tables.Delete(id);
        }

        _peers.Clear();
        Balance();
    }

    private void Spread(NetworkDefinition network, IReadOnlyList<OverlayPeer> peers)
    {
        if (DriverOf(network.Driver) is IOverlayDriver driver)
        {
            driver.SetPeers(network, peers);
        }
    }

    private static HashSet<string> NodesOf(IEnumerable<OverlayPeer> peers) =>
        peers.Select(peer => peer.NodeAddress).ToHashSet(StringComparer.Ordinal);

    private static bool IsSound(NetworkDefinition network, OverlayTable table)
    {
        try
        {
            Check(table);
            CheckWithin(network, table);
            return true;
        }
        catch (EngineException)
        {
            return false;
        }
    }

    /// <summary>It comes from outside, and goes into the kernel, the packet rules and answers to questions.</summary>
    private static void Check(OverlayTable table)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (table.Peers.Count + table.Peers.Sum(peer => peer.Endpoints.Count) > LargestTable)
        {
            throw EngineException.InvalidArgument($"a table of other nodes has more than {LargestTable} lines");
        }

        CheckIngress(table);
        foreach (var peer in table.Peers)
        {
            CheckAddress(peer.NodeAddress, seen);
            foreach (var endpoint in peer.Endpoints)
            {
                CheckAddress(endpoint.Address, seen);
                HardwareAddress.Parse(endpoint.MacAddress);
                if (endpoint.Names.FirstOrDefault(name => name.Length is 0 or > LongestName) is { } name)
                {
                    throw EngineException.InvalidArgument($"a name of {name.Length} characters is none: of {endpoint.Address}");
                }
            }
        }
    }

    /// <summary>Connections to ports of this node are led to those addresses: nobody may have them led elsewhere.</summary>
    private static void CheckWithin(NetworkDefinition network, OverlayTable table)
    {
        var subnet = IPNetwork.Parse(network.Subnet);
        var addresses = table.Peers.SelectMany(peer => peer.Endpoints).Select(endpoint => endpoint.Address);
        if (addresses.FirstOrDefault(address => !subnet.Contains(IPAddress.Parse(address))) is { } outside)
        {
            throw EngineException.InvalidArgument($"{outside} in a table of other nodes is not in {network.Subnet} of {network.Name}");
        }
    }

    private static void CheckAddress(string text, HashSet<string> seen)
    {
        if (!IpSubnet.TryParseAddress(text, out var address)
            || address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork
            || address.ToString() != text
            || !seen.Add(text))
        {
            throw EngineException.InvalidArgument($"\"{text}\" in a table of other nodes is no IPv4 address, or there twice");
        }
    }
}
