using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Dns;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Networks.Ports;
using Portal.Engine.Networks.State;
using Portal.Engine.Storage;

namespace Portal.Engine.Networks.Orchestration;

/// <summary>Orchestrates drivers, firewall and ports. See README.md in this folder for what holds at every moment.</summary>
internal sealed partial class EngineNetworks : INetworks, INetworkTeardown, IAsyncDisposable
{
    private const string ContainerPrefix = "container:";

    private readonly NetworkCatalog _catalog;
    private readonly StateFolder<SandboxRecord> _records;
    private readonly Dictionary<string, INetworkDriver> _drivers;
    private readonly INetworkNamespaces _namespaces;
    private readonly INetworkFirewall _firewall;
    private readonly IHostSubnets _subnets;
    private readonly PortAllocator _ports;
    private readonly EndpointReaper _reaper;
    private readonly ILogger<EngineNetworks> _logger;
    private readonly OperationGate _gate = new();
    private readonly Lock _poolLock = new();
    private readonly Dictionary<string, AddressPool> _pools = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SandboxRecord> _sandboxes = new(StringComparer.Ordinal);
    private readonly INameServer _nameServer;
    private volatile bool _ready;

    public EngineNetworks(
        EngineOptions options,
        IEnumerable<INetworkDriver> drivers,
        INetworkNamespaces namespaces,
        INetworkFirewall firewall,
        IHostSubnets subnets,
        IHostPorts hostPorts,
        IDurableFiles files,
        INameServer nameServer,
        TimeProvider clock,
        ILoggerFactory loggers)
    {
        _drivers = drivers.ToDictionary(driver => driver.Name, StringComparer.Ordinal);
        _namespaces = namespaces;
        _firewall = firewall;
        _nameServer = nameServer;
        _subnets = subnets;
        _ports = new PortAllocator(hostPorts);
        _catalog = new NetworkCatalog(options, subnets, files, clock);
        _records = new StateFolder<SandboxRecord>(
            Path.Combine(options.RunRoot, "networks"), durable: false, NetworkJsonContext.Default.SandboxRecord, files);
        _logger = loggers.CreateLogger<EngineNetworks>();
        _reaper = new EndpointReaper(loggers.CreateLogger<EndpointReaper>());
    }

    public async Task<NetworkSandbox> AttachAsync(NetworkAttachment attachment, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        SandboxIds.Check(attachment.ContainerId);
        if (!_ready)
        {
            throw new EngineException(EngineErrorKind.Unavailable, "The engine's networks are not ready yet: it is still starting.");
        }

        return await _gate.RunAsync(attachment.ContainerId, () => Attach(attachment), cancellationToken).ConfigureAwait(false);
    }

    public async Task DetachAsync(string containerId, CancellationToken cancellationToken = default)
    {
        SandboxIds.Check(containerId);
        await _gate.RunAsync(containerId, () => Detach(containerId), cancellationToken).ConfigureAwait(false);
    }

    public NetworkSandbox? Find(string containerId)
    {
        ArgumentNullException.ThrowIfNull(containerId);
        return _sandboxes.GetValueOrDefault(containerId)?.Sandbox;
    }

    public Task<IReadOnlyList<NetworkSummary>> ListAsync(CancellationToken cancellationToken = default)
    {
        IReadOnlyList<NetworkSummary> summaries =
        [
            .. _catalog.All.Select(Summary),
        ];
        return Task.FromResult(summaries);
    }

    public async ValueTask DisposeAsync()
    {
        await _reaper.DisposeAsync().ConfigureAwait(false);
        _ports.Dispose();
        _gate.Dispose();
    }

    private NetworkSandbox Attach(NetworkAttachment attachment)
    {
        if (_sandboxes.TryGetValue(attachment.ContainerId, out var present))
        {
            if (IsSame(present.Request, attachment) && IsAlive(present))
            {
                return present.Sandbox;
            }

            Detach(attachment.ContainerId);
        }

        var record = attachment.Mode.StartsWith(ContainerPrefix, StringComparison.Ordinal)
            ? Join(attachment, attachment.Mode[ContainerPrefix.Length..])
            : AttachTo(attachment, FindNetwork(attachment.Mode));
        _sandboxes[attachment.ContainerId] = record;
        ForgetNames();
        return record.Sandbox;
    }

    private NetworkDefinition FindNetwork(string mode)
    {
        var name = mode is "" or "default" ? "bridge" : mode;
        return _catalog.Find(name) ?? throw EngineException.NotFound($"network {name} not found");
    }

    private SandboxRecord AttachTo(NetworkAttachment attachment, NetworkDefinition network)
    {
        // Docker passes over published ports in these two modes, with a warning of its client.
        return network.Driver switch
        {
            NetworkCatalog.HostDriver => Write(attachment, namespacePath: null),
            NetworkCatalog.NullDriver => AttachToNothing(attachment),
            _ => Connect(attachment),
        };
    }

    private SandboxRecord AttachToNothing(NetworkAttachment attachment)
    {
        var path = _namespaces.Create(attachment.ContainerId, attachment.UserNamespacePath);
        try
        {
            return Write(attachment, path);
        }
        catch
        {
            _namespaces.Remove(attachment.ContainerId);
            throw;
        }
    }

    private SandboxRecord Join(NetworkAttachment attachment, string otherId)
    {
        if (attachment.Ports.Count > 0)
        {
            throw EngineException.InvalidArgument(
                "conflicting options: port publishing and the container type network mode. Publish the ports on the other container.");
        }

        if (otherId == attachment.ContainerId || !_sandboxes.TryGetValue(otherId, out var other) || !IsAlive(other))
        {
            throw EngineException.Conflict($"cannot join network of a non running container: {otherId}");
        }

        return Write(attachment, other.Sandbox.NamespacePath);
    }

    private SandboxRecord Write(NetworkAttachment attachment, string? namespacePath)
    {
        var sandbox = new NetworkSandbox { ContainerId = attachment.ContainerId, NamespacePath = namespacePath };
        var record = new SandboxRecord(attachment, sandbox);
        _records.Save(attachment.ContainerId, record);
        return record;
    }

    private bool Detach(string containerId)
    {
        if (!_sandboxes.TryGetValue(containerId, out var record))
        {
            return false;
        }

        Release(record);
        return true;
    }

    /// <summary>Every step can be repeated, so a failure leaves the record for the next try.</summary>
    private void Release(SandboxRecord record)
    {
        var containerId = record.Sandbox.ContainerId;
        _firewall.Withdraw(Published(record.Sandbox));
        _ports.Release(record.Sandbox.Ports);
        _namespaces.Remove(containerId);
        _records.Delete(containerId);
        _sandboxes.TryRemove(containerId, out _);
        ForgetNames();
        foreach (var endpoint in record.Sandbox.Endpoints)
        {
            _reaper.Add(DriverOf(endpoint), endpoint, () => ReleaseAddress(endpoint));
        }
    }

    private void ReleaseAddress(NetworkEndpoint endpoint)
    {
        lock (_poolLock)
        {
            if (_pools.TryGetValue(endpoint.NetworkId, out var pool) && IPAddress.TryParse(endpoint.Address, out var address))
            {
                pool.Release(address);
            }
        }
    }

    private INetworkDriver DriverOf(NetworkEndpoint endpoint)
    {
        return DriverOf(_catalog.Find(endpoint.NetworkId)?.Driver ?? NetworkCatalog.BridgeDriver);
    }

    private INetworkDriver DriverOf(string name)
    {
        return _drivers.GetValueOrDefault(name)
            ?? throw EngineException.InvalidArgument($"The network driver '{name}' is not available on this host.");
    }

    private bool IsAlive(SandboxRecord record)
    {
        return record.Sandbox.NamespacePath is null
            || record.Request.Mode.StartsWith(ContainerPrefix, StringComparison.Ordinal)
            || _namespaces.Find(record.Sandbox.ContainerId) is not null;
    }

    private static bool IsSame(NetworkAttachment left, NetworkAttachment right)
    {
        return left with { Ports = [], Networks = [] } == right with { Ports = [], Networks = [] }
            && left.Ports.SequenceEqual(right.Ports)
            && NetworkConnection.AreSame(left.Networks, right.Networks);
    }

    private static IReadOnlyList<PublishedPort> Published(NetworkSandbox sandbox)
    {
        var way = sandbox.Endpoints.FirstOrDefault(endpoint => endpoint.HasDefaultRoute);
        if (!Ipv4Subnet.TryParseAddress(way?.Address, out var address))
        {
            return [];
        }

        return [.. sandbox.Ports.Select(port => new PublishedPort(
            port.Protocol, PortRequest.Parse(port).Address, port.HostPort, address, port.ContainerPort))];
    }
}
