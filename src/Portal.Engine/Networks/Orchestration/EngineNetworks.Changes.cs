using Portal.Engine.Errors;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Networks.Orchestration;

/// <summary>Networks that come and go, and containers that move between them while they run.</summary>
internal sealed partial class EngineNetworks
{
    public async Task<NetworkSummary> CreateAsync(NetworkRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        NetworkDefinition? made = null;
        await _gate.RunAloneAsync(
            async () => made = await CreateAloneAsync(request, cancellationToken).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);
        return Summary(made!);
    }

    public Task RemoveAsync(string network, CancellationToken cancellationToken = default)
    {
        return _gate.RunAloneAsync(() => RemoveAloneAsync(network, cancellationToken), cancellationToken);
    }

    public Task<NetworkSandbox> ConnectAsync(
        string containerId, NetworkConnection connection, CancellationToken cancellationToken = default)
    {
        return TakePortsAsync(containerId, () => ConnectRunning(SandboxOf(containerId), connection), cancellationToken);
    }

    public Task<NetworkSandbox> DisconnectAsync(
        string containerId, string network, CancellationToken cancellationToken = default)
    {
        return _gate.RunAsync(containerId, () => DisconnectRunning(SandboxOf(containerId), FindNetwork(network)), cancellationToken);
    }

    private NetworkSummary Summary(NetworkDefinition network)
    {
        return new NetworkSummary(
            network.Id, network.Name, network.Driver, network.Subnet, network.Gateway, network.InterfaceName, network.Created)
        {
            Subnets = network.IsConfigOnly ? network.ConfiguredSubnets : [.. SubnetsOf(network)],
            HasIpv4 = network.HasIpv4,
            HasIpv6 = network.HasIpv6,
            IsInternal = network.IsInternal,
            IsAttachable = network.IsAttachable,
            IsConfigOnly = network.IsConfigOnly,
            ConfigFrom = network.ConfigFrom,
            Options = network.Options,
            Labels = network.Labels,
            Overlay = network.Overlay,
            Peers = [.. PeersOf(network).Select(peer => peer.NodeAddress)],
        };
    }

    private static IEnumerable<NetworkSubnet> SubnetsOf(NetworkDefinition network)
    {
        (string Subnet, string Gateway, string IpRange)[] ranges =
            [(network.Subnet, network.Gateway, network.IpRange), (network.Subnet6, network.Gateway6, network.IpRange6)];
        foreach (var range in ranges)
        {
            if (IpSubnet.TryParse(range.Subnet, out var subnet))
            {
                yield return new NetworkSubnet
                {
                    Subnet = range.Subnet,
                    Gateway = range.Gateway,
                    IpRange = range.IpRange,
                    AuxiliaryAddresses = network.AuxiliaryAddresses
                        .Where(kept => IpSubnet.TryParseAddress(kept.Value, out var address) && subnet.Contains(address))
                        .ToDictionary(),
                };
            }
        }
    }

    private async Task<NetworkDefinition> CreateAloneAsync(NetworkRequest request, CancellationToken cancellationToken)
    {
        NetworkDefinition network;
        using (await _subnets.LockChoiceAsync(cancellationToken).ConfigureAwait(false))
        {
            network = _catalog.Add(request);
            try
            {
                CheckLinkIsFree(network);
                if (!network.IsConfigOnly)
                {
                    DriverOf(network.Driver).Ensure(network);
                }
            }
            catch
            {
                _catalog.Remove(network);
                throw;
            }
        }

        _addresses.Add(network);
        try
        {
            _firewall.Apply(Plan());
        }
        catch
        {
            // What a failed change of rules leaves is the rules before it, which don't know the network.
            TakeAway(network);
            throw;
        }

        _ = ServeNames();
        return network;
    }

    public Task RenameAsync(string containerId, string newName, CancellationToken cancellationToken = default)
    {
        SandboxIds.Check(containerId);
        return _gate.RunAsync(containerId, () => Rename(containerId, newName), cancellationToken);
    }

    private bool Rename(string containerId, string newName)
    {
        var found = _sandboxes.TryGetValue(containerId, out var record);
        if (found && record!.Request.ContainerName != newName)
        {
            var changed = record with { Request = record.Request with { ContainerName = newName } };
            _records.Save(containerId, changed);
            _sandboxes[containerId] = changed;
            ForgetNames();
        }

        return found;
    }

    /// <summary>A name of one's own must not take over a bridge of somebody else's, nor a parent that another network has.</summary>
    private void CheckLinkIsFree(NetworkDefinition network)
    {
        if (network.HasBridge)
        {
            var name = network.Settings.BridgeName;
            if (name.Length > 0 && Directory.Exists($"/sys/class/net/{name}"))
            {
                throw new EngineException(
                    EngineErrorKind.Forbidden, $"an interface named {name} exists on this host; choose another name");
            }

            return;
        }

        var other = _catalog.All.FirstOrDefault(other => other.Id != network.Id && other.InterfaceName == network.InterfaceName);
        if (other is not null && network.InterfaceName.Length > 0)
        {
            throw new EngineException(
                EngineErrorKind.Forbidden, $"network {other.Name} is already using parent interface {network.InterfaceName}");
        }
    }

    private async Task RemoveAloneAsync(string name, CancellationToken cancellationToken)
    {
        var network = FindNetwork(name);
        if (network.IsPredefined)
        {
            throw new EngineException(EngineErrorKind.Forbidden, $"{network.Name} is a pre-defined network and cannot be removed");
        }

        var user = _sandboxes.Values.FirstOrDefault(
            record => record.Sandbox.Endpoints.Any(endpoint => endpoint.NetworkId == network.Id));
        if (user is not null)
        {
            throw new EngineException(
                EngineErrorKind.Forbidden,
                $"error while removing network: network {network.Name} has active endpoints "
                + $"(name:\"{user.Request.ContainerName}\" id:\"{user.Request.ContainerId[..Math.Min(12, user.Request.ContainerId.Length)]}\")");
        }

        if (network.IsConfigOnly && _catalog.All.FirstOrDefault(other => other.ConfigFrom == network.Name) is { } dependent)
        {
            throw new EngineException(
                EngineErrorKind.Forbidden, $"configuration network \"{network.Name}\" is in use by network {dependent.Name}");
        }

        // Links of ended containers would go with the bridge, but their addresses must be given back first.
        await _reaper.DrainAsync(cancellationToken).ConfigureAwait(false);

        // Names and rules first: once the bridge is gone its subnet is anybody's. Our name server would stand at the newcomer's gateway,
        // and our rules would rewrite its packets.
        await ServeNames(leaving: network).ConfigureAwait(false);
        try
        {
            TakeAwayAfterItsRules(network);
        }
        catch
        {
            _ = ServeNames();
            throw;
        }
    }

    private void TakeAwayAfterItsRules(NetworkDefinition network)
    {
        _firewall.Apply(PlanWithout(network));
        try
        {
            TakeAway(network);
        }
        catch
        {
            _firewall.Apply(Plan());
            throw;
        }
    }

    private void TakeAway(NetworkDefinition network)
    {
        if (!network.IsConfigOnly)
        {
            DriverOf(network.Driver).Remove(network);
        }

        _catalog.Remove(network);
        _addresses.Remove(network.Id);
        ForgetPeers(network);
        _ = ServeNames();
    }

    private SandboxRecord SandboxOf(string containerId)
    {
        return _sandboxes.TryGetValue(containerId, out var record) && record.Sandbox.NamespacePath is not null && IsAlive(record)
            ? record
            : throw EngineException.Conflict($"container {containerId} has no network of its own now");
    }

    private NetworkSandbox ConnectRunning(SandboxRecord record, NetworkConnection connection)
    {
        var network = FindJoinable(connection.Network);
        var present = record.Sandbox;
        if (present.Endpoints.Any(endpoint => endpoint.NetworkId == network.Id))
        {
            throw new EngineException(
                EngineErrorKind.Forbidden,
                $"endpoint with name {record.Request.ContainerName} already exists in network {network.Name}");
        }

        var undo = new UndoStack(exception => LogUndoFailed(present.ContainerId, exception));
        try
        {
            var planned = PlanEndpoint(network, connection, present.Endpoints, undo);
            var endpoints = ChooseWays([.. present.Endpoints, planned]).ToArray();
            var ports = present.Ports.Count == 0 ? ReservePorts(record.Request, endpoints, undo) : present.Ports;
            endpoints[^1] = ConnectUnderFreeName(network, endpoints[^1], present.NamespacePath!, undo);
            var sandbox = present with { Endpoints = endpoints, Ports = ports };
            undo.Push(() => _records.Save(present.ContainerId, record));
            Publish(record, Replace(record, sandbox, [.. ConnectionsOf(record.Request), connection]));
            return sandbox;
        }
        catch
        {
            _sandboxes[present.ContainerId] = record;
            ForgetNames();
            undo.Run();
            throw;
        }
    }

    private NetworkSandbox DisconnectRunning(SandboxRecord record, NetworkDefinition network)
    {
        var present = record.Sandbox;
        var endpoint = present.Endpoints.FirstOrDefault(endpoint => endpoint.NetworkId == network.Id)
            ?? throw EngineException.NotFound(
                $"container {record.Request.ContainerId} is not connected to network {network.Name}");
        var rest = ChooseWays([.. present.Endpoints.Where(other => other != endpoint)]);
        var sandbox = present with { Endpoints = rest };
        _firewall.Withdraw([.. Published(record).Except(Published(record with { Sandbox = sandbox }))]);
        var changed = Replace(
            record, sandbox, ConnectionsOf(record.Request).Where(other => _catalog.Find(other.Network)?.Id != network.Id));
        DriverOf(endpoint).Disconnect(endpoint, present.NamespacePath);
        _addresses.Release(endpoint);
        Publish(record, changed);
        return sandbox;
    }

    /// <summary>Moves routes and published ports to where they belong now.</summary>
    private void Publish(SandboxRecord before, SandboxRecord after)
    {
        foreach (var endpoint in after.Sandbox.Endpoints)
        {
            var was = before.Sandbox.Endpoints.FirstOrDefault(other => other.EndpointId == endpoint.EndpointId);
            if (was is not null && (was.HasDefaultRoute, was.HasDefaultRoute6) != (endpoint.HasDefaultRoute, endpoint.HasDefaultRoute6))
            {
                DriverOf(endpoint).Route(endpoint, after.Sandbox.NamespacePath!);
            }
        }

        var (old, now) = (Published(before), Published(after));
        _firewall.Withdraw([.. old.Except(now)]);
        _firewall.Publish([.. now.Except(old)]);
        TryBalance();
    }

    /// <summary>The request goes with it, so that an attach which finds the sandbox knows it for the same.</summary>
    private SandboxRecord Replace(SandboxRecord record, NetworkSandbox sandbox, IEnumerable<NetworkConnection> connections)
    {
        var changed = new SandboxRecord(record.Request with { Networks = [.. connections] }, sandbox);
        _records.Save(sandbox.ContainerId, changed);
        _sandboxes[sandbox.ContainerId] = changed;
        NamesChanged(record);
        NamesChanged(changed);
        return changed;
    }
}
