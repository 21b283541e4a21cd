using Portal.Engine.Errors;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Ports;
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
        return _gate.RunAsync(containerId, () => ConnectRunning(SandboxOf(containerId), connection), cancellationToken);
    }

    public Task<NetworkSandbox> DisconnectAsync(
        string containerId, string network, CancellationToken cancellationToken = default)
    {
        return _gate.RunAsync(containerId, () => DisconnectRunning(SandboxOf(containerId), FindNetwork(network)), cancellationToken);
    }

    private static NetworkSummary Summary(NetworkDefinition network)
    {
        return new NetworkSummary(
            network.Id, network.Name, network.Driver, network.Subnet, network.Gateway, network.InterfaceName, network.Created)
        {
            Subnets = network.Subnet.Length == 0
                ? []
                : [new NetworkSubnet { Subnet = network.Subnet, Gateway = network.Gateway, IpRange = network.IpRange }],
            IsInternal = network.IsInternal,
            IsAttachable = network.IsAttachable,
            Options = network.Options,
            Labels = network.Labels,
        };
    }

    private async Task<NetworkDefinition> CreateAloneAsync(NetworkRequest request, CancellationToken cancellationToken)
    {
        NetworkDefinition network;
        using (await _subnets.LockChoiceAsync(cancellationToken).ConfigureAwait(false))
        {
            network = _catalog.Add(request);
            try
            {
                CheckBridgeIsFree(request, network);
                DriverOf(network.Driver).Ensure(network);
            }
            catch
            {
                _catalog.Remove(network);
                throw;
            }
        }

        lock (_poolLock)
        {
            AddPool(network);
        }

        try
        {
            _firewall.Apply(Plan());
        }
        catch
        {
            await RemoveAloneAsync(network.Id, CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        ServeNames();
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
        if (found)
        {
            var changed = record! with { Request = record.Request with { ContainerName = newName } };
            _records.Save(containerId, changed);
            _sandboxes[containerId] = changed;
            ForgetNames();
        }

        return found;
    }

    /// <summary>A name of one's own must not take over a bridge of somebody else's.</summary>
    private void CheckBridgeIsFree(NetworkRequest request, NetworkDefinition network)
    {
        if (request.Options.Values.Contains(network.InterfaceName) && Directory.Exists($"/sys/class/net/{network.InterfaceName}"))
        {
            throw new EngineException(
                EngineErrorKind.Forbidden, $"an interface named {network.InterfaceName} exists on this host; choose another name");
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

        // Links of ended containers would go with the bridge, but their addresses must be given back first.
        await _reaper.DrainAsync(cancellationToken).ConfigureAwait(false);
        DriverOf(network.Driver).Remove(network);
        _catalog.Remove(network);
        lock (_poolLock)
        {
            _pools.Remove(network.Id);
        }

        ServeNames();
        _firewall.Apply(Plan());
    }

    private void AddPool(NetworkDefinition network)
    {
        if (Ipv4Subnet.TryParse(network.Subnet, out var subnet) && Ipv4Subnet.TryParseAddress(network.Gateway, out var gateway))
        {
            _pools[network.Id] = new AddressPool(
                subnet, gateway, Ipv4Subnet.TryParse(network.IpRange, out var range) ? range : null);
        }
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
            var isWayOut = !network.IsInternal && !present.Endpoints.Any(endpoint => endpoint.HasDefaultRoute);
            var endpoint = PlanEndpoint(network, connection, FreeInterface(present), isWayOut, undo);
            var ports = isWayOut && present.Ports.Count == 0
                ? ReservePorts(record.Request, endpoint, record.Request.Ports.Select(PortRequest.Parse).ToArray(), undo)
                : present.Ports;
            endpoint = ConnectUnderFreeName(network, endpoint, present.NamespacePath!, undo);
            var sandbox = present with { Endpoints = [.. present.Endpoints, endpoint], Ports = ports };
            undo.Push(() => _records.Save(present.ContainerId, record));
            Replace(record, sandbox, [.. ConnectionsOf(record.Request), connection]);
            if (isWayOut)
            {
                _firewall.Publish(Published(sandbox));
            }

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
        var rest = present.Endpoints.Where(other => other != endpoint).ToList();
        var next = endpoint.HasDefaultRoute ? rest.FindIndex(other => _catalog.Find(other.NetworkId) is { IsInternal: false }) : -1;
        if (next >= 0)
        {
            rest[next] = rest[next] with { HasDefaultRoute = true };
        }

        var sandbox = present with { Endpoints = rest };
        if (endpoint.HasDefaultRoute)
        {
            _firewall.Withdraw(Published(present));
        }

        Replace(record, sandbox, ConnectionsOf(record.Request).Where(other => _catalog.Find(other.Network)?.Id != network.Id));
        DriverOf(endpoint).Disconnect(endpoint);
        ReleaseAddress(endpoint);
        if (next >= 0)
        {
            DriverOf(rest[next]).Route(rest[next], present.NamespacePath!);
            _firewall.Publish(Published(sandbox));
        }

        return sandbox;
    }

    /// <summary>The request goes with it, so that an attach which finds the sandbox knows it for the same.</summary>
    private void Replace(SandboxRecord record, NetworkSandbox sandbox, IEnumerable<NetworkConnection> connections)
    {
        var changed = new SandboxRecord(record.Request with { Networks = [.. connections] }, sandbox);
        _records.Save(sandbox.ContainerId, changed);
        _sandboxes[sandbox.ContainerId] = changed;
        ForgetNames();
    }

    private static string FreeInterface(NetworkSandbox sandbox)
    {
        var index = 0;
        while (sandbox.Endpoints.Any(endpoint => endpoint.InterfaceName == $"eth{index}"))
        {
            index++;
        }

        return $"eth{index}";
    }
}
