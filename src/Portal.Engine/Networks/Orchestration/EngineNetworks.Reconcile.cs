using Portal.Engine.Errors;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Dns;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Networks.Orchestration;

internal sealed partial class EngineNetworks
{
    public Task ReconcileAsync(IReadOnlySet<string> runningContainerIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runningContainerIds);
        return _gate.RunAloneAsync(() => ReconcileAloneAsync(runningContainerIds, cancellationToken), cancellationToken);
    }

    public Task RemoveAllAsync(CancellationToken cancellationToken = default)
    {
        return _gate.RunAloneAsync(() => RemoveAllAloneAsync(cancellationToken), cancellationToken);
    }

    private async Task ReconcileAloneAsync(IReadOnlySet<string> running, CancellationToken cancellationToken)
    {
        await _reaper.DrainAsync(cancellationToken).ConfigureAwait(false);
        _catalog.Load();
        LoadSandboxes(running);
        await EnsureNetworksAsync(cancellationToken).ConfigureAwait(false);
        TakeAddresses();
        foreach (var record in _sandboxes.Values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TryRepair(record);
        }

        LoadPeers();
        _firewall.Apply(Plan());
        RemoveStrays();
        _ = ServeNames();
        _ready = true;
    }

    /// <summary>
    /// Keeps the sandboxes of containers that run and are whole; forgets the others, whose kernel objects then are strays.
    /// </summary>
    private void LoadSandboxes(IReadOnlySet<string> running)
    {
        foreach (var record in _sandboxes.Values)
        {
            _ports.Release(record.Sandbox.Ports);
        }

        _sandboxes.Clear();
        lock (_ingressLock)
        {
            _serving.Clear();
        }

        foreach (var (containerId, record) in _records.Load())
        {
            if (running.Contains(containerId) && record?.Sandbox.ContainerId == containerId && IsAlive(record))
            {
                _sandboxes[containerId] = record;
                ServesUntilToldOtherwise(record);
                continue;
            }

            if (running.Contains(containerId))
            {
                LogSandboxLost(containerId);
            }

            _records.Delete(containerId);
        }
    }

    private async Task EnsureNetworksAsync(CancellationToken cancellationToken)
    {
        foreach (var network in _catalog.All.Where(network => _drivers.ContainsKey(network.Driver)))
        {
            var inUse = _sandboxes.Values.Any(record => record.Sandbox.Endpoints.Any(endpoint => endpoint.NetworkId == network.Id));
            using (await _subnets.LockChoiceAsync(cancellationToken).ConfigureAwait(false))
            {
                EnsureOrTell(_catalog.Settle(network, inUse));
            }
        }
    }

    /// <summary>A parent interface that is not there or an address of the host that is not there, must not keep the engine from serving all the others.</summary>
    private void EnsureOrTell(NetworkDefinition network)
    {
        try
        {
            DriverOf(network.Driver).Ensure(network);
        }
        catch (EngineException exception) when (!network.HasBridge || network.Overlay is not null)
        {
            LogNetworkMissing(network.Name, network.InterfaceName, exception);
        }
    }

    private void TakeAddresses()
    {
        _addresses.Clear();
        foreach (var network in _catalog.All)
        {
            _addresses.Add(network);
        }

        foreach (var endpoint in _sandboxes.Values.SelectMany(record => record.Sandbox.Endpoints))
        {
            _addresses.Restore(endpoint);
        }
    }

    /// <summary>What can't be repaired of one container must not keep the engine from serving the others.</summary>
    private void TryRepair(SandboxRecord record)
    {
        foreach (var port in record.Sandbox.Ports)
        {
            Try(record, () => RestorePort(record, port));
        }

        foreach (var endpoint in record.Sandbox.Endpoints)
        {
            Try(record, () => RepairEndpoint(record, endpoint));
        }
    }

    private void Try(SandboxRecord record, Action repair)
    {
        try
        {
            repair();
        }
        catch (Exception exception) when (exception is IOException or EngineException)
        {
            LogRepairFailed(record.Sandbox.ContainerId, exception);
        }
    }

    private void RestorePort(SandboxRecord record, PortBinding port)
    {
        if (!_ports.Restore(port))
        {
            LogPortLost(port.HostPort, record.Sandbox.ContainerId);
        }
    }

    private void RepairEndpoint(SandboxRecord record, NetworkEndpoint endpoint)
    {
        if (_catalog.Find(endpoint.NetworkId) is { } network && record.Sandbox.NamespacePath is { } path)
        {
            DriverOf(network.Driver).Repair(network, endpoint, path);
        }
    }

    private FirewallPlan Plan() => PlanWithout(null);

    private FirewallPlan PlanWithout(NetworkDefinition? leaving)
    {
        var networks = _catalog.All
            .Where(network => network.HasBridge && network.InterfaceName.Length > 0 && network.Id != leaving?.Id)
            .Select(Rules)
            .ToList();
        return new FirewallPlan(networks, [.. _sandboxes.Values.SelectMany(Published)]);
    }

    private FirewallNetwork Rules(NetworkDefinition network)
    {
        var settings = network.Settings;
        return new FirewallNetwork(network.InterfaceName)
        {
            IsInternal = network.IsInternal,
            IsolatesContainers = network.IsolatesContainers,
            IsAsked = NameServerOf(network) is not ("" or NameTable.InsideAddress),
            Ipv4 = Rules(network.Subnet, settings.Mode4, network),
            Ipv6 = Rules(network.Subnet6, settings.Mode6, network),
            Overlay = Peering(network),
        };
    }

    private static FirewallSubnet? Rules(string text, GatewayMode mode, NetworkDefinition network)
    {
        return IpSubnet.TryParse(text, out var subnet)
            ? new FirewallSubnet(subnet)
            {
                IsHidden = mode is GatewayMode.Nat or GatewayMode.NatUnprotected && !network.KeepsSource && !network.IsInternal,
                IsOpen = mode == GatewayMode.NatUnprotected && !network.IsInternal,
                IsIsolated = mode == GatewayMode.Isolated,
            }
            : null;
    }

    private void RemoveStrays()
    {
        foreach (var id in _namespaces.List().Where(id => !_sandboxes.ContainsKey(id)))
        {
            _namespaces.Remove(id);
            LogStrayRemoved("network namespace", id);
        }

        var links = _sandboxes.Values
            .SelectMany(record => record.Sandbox.Endpoints)
            .Select(endpoint => endpoint.HostInterfaceName)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        foreach (var driver in _drivers.Values)
        {
            foreach (var link in driver.RemoveStrays(links))
            {
                LogStrayRemoved("link", link);
            }
        }
    }

    private async Task RemoveAllAloneAsync(CancellationToken cancellationToken)
    {
        _ready = false;
        foreach (var record in _sandboxes.Values)
        {
            Release(record);
        }

        await _reaper.DrainAsync(cancellationToken).ConfigureAwait(false);
        _catalog.Load();
        LoadSandboxes(new HashSet<string>());
        RemoveStrays();

        // Names and rules first: once a bridge is gone its subnet is anybody's, and they would meddle with the newcomer's packets.
        await _nameServer.Serve([], Names).ConfigureAwait(false);
        _firewall.Remove();
        foreach (var network in _catalog.All.Where(network => _drivers.ContainsKey(network.Driver)))
        {
            DriverOf(network.Driver).Remove(network);
        }

        _catalog.Clear();
        ForgetAllPeers();
    }
}
