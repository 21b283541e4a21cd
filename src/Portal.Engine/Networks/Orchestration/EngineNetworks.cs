using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Dns;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Networks.Ingress;
using Portal.Engine.Networks.Overlay;
using Portal.Engine.Networks.Ports;
using Portal.Engine.Networks.State;
using Portal.Engine.Storage;

namespace Portal.Engine.Networks.Orchestration;

/// <summary>Orchestrates drivers, firewall and ports. See README.md in this folder for what holds at every moment.</summary>
internal sealed partial class EngineNetworks : INetworks, IOverlayNetworks, IIngress, INetworkTeardown, IAsyncDisposable
{
    private const string ContainerPrefix = "container:";
    private static readonly IReadOnlyList<PortBinding> s_noPorts = [];
    private static readonly IReadOnlyList<NetworkConnection> s_noNetworks = [];
    private static readonly IReadOnlyList<string> s_noServers = [];

    private readonly NetworkCatalog _catalog;
    private readonly StateFolder<SandboxRecord> _records;
    private readonly Dictionary<string, INetworkDriver> _drivers;
    private readonly INetworkNamespaces _namespaces;
    private readonly INetworkFirewall _firewall;
    private readonly IHostSubnets _subnets;
    private readonly PortAllocator _ports;
    private readonly EndpointReaper _reaper;
    private readonly TimeProvider _clock;
    private readonly ILogger<EngineNetworks> _logger;
    private readonly OperationGate _gate = new();
    private readonly AddressBook _addresses = new();
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
        _clock = clock;
        _ports = new PortAllocator(hostPorts, clock);
        _catalog = new NetworkCatalog(options, subnets, files, clock);
        _records = new StateFolder<SandboxRecord>(
            Path.Combine(options.RunRoot, "networks"), durable: false, NetworkJsonContext.Default.SandboxRecord, files,
            SandboxRecord.Defaults);
        _tables = new StateFolder<OverlayTable>(
            Path.Combine(options.DataRoot, "overlays"), durable: true, NetworkJsonContext.Default.OverlayTable, files,
            OverlayTable.Defaults);
        _logger = loggers.CreateLogger<EngineNetworks>();
        _reaper = new EndpointReaper(loggers.CreateLogger<EndpointReaper>());
    }

    public Task<NetworkSandbox> AttachAsync(NetworkAttachment attachment, CancellationToken cancellationToken = default) =>
        AttachAsync(attachment, new AttachProgress(), cancellationToken);

    public Task<NetworkBeginning> BeginAttachAsync(NetworkAttachment attachment, CancellationToken cancellationToken = default)
    {
        var progress = new AttachProgress();
        return progress.WaitAsync(AttachAsync(attachment, progress, cancellationToken));
    }

    private async Task<NetworkSandbox> AttachAsync(
        NetworkAttachment attachment, AttachProgress progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        SandboxIds.Check(attachment.ContainerId);
        if (!_ready)
        {
            throw new EngineException(EngineErrorKind.Unavailable, "The engine's networks are not ready yet: it is still starting.");
        }

        return await TakePortsAsync(attachment.ContainerId, () => Attach(attachment, progress), cancellationToken).ConfigureAwait(false);
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

    private NetworkSandbox Attach(NetworkAttachment attachment, AttachProgress progress)
    {
        if (_sandboxes.TryGetValue(attachment.ContainerId, out var present))
        {
            if (IsSame(present.Request, attachment) && IsAlive(present))
            {
                return present.Sandbox;
            }

            Detach(attachment.ContainerId);
        }

        var (begun, waited) = (_clock.GetTimestamp(), KernelWaits.Total);
        var record = attachment.Mode.StartsWith(ContainerPrefix, StringComparison.Ordinal)
            ? Join(attachment, attachment.Mode[ContainerPrefix.Length..])
            : AttachTo(attachment, FindNetwork(attachment.Mode), progress);
        _sandboxes[attachment.ContainerId] = record;
        NamesChanged(record);
        LogAttached(
            attachment.ContainerId, _clock.GetElapsedTime(begun).TotalMilliseconds, (KernelWaits.Total - waited).TotalMilliseconds);
        return record.Sandbox;
    }

    private NetworkDefinition FindNetwork(string mode)
    {
        var name = mode is "" or "default" ? "bridge" : mode;
        return _catalog.Find(name) ?? throw EngineException.NotFound($"network {name} not found");
    }

    private SandboxRecord AttachTo(NetworkAttachment attachment, NetworkDefinition network, AttachProgress progress)
    {
        // Docker passes over published ports in these two modes, with a warning of its client.
        return network.Driver switch
        {
            _ when network.IsConfigOnly => Connect(attachment, progress),

            // For who asked for it by its mode, and so was held to what that takes: one that comes to it by its id, or by being connected
            // to it, was let through as one with a network of its own.
            NetworkCatalog.HostDriver when attachment.Networks.Count > 0 => throw EngineException.InvalidArgument(
                "container cannot be connected to host network: ask for it as the network mode 'host'"),
            NetworkCatalog.HostDriver => Write(attachment, namespacePath: null),
            NetworkCatalog.NullDriver => AttachToNothing(attachment),
            _ => Connect(attachment, progress),
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
        NoLongerServes(containerId);
        _firewall.Withdraw(Published(record));
        _ports.Release(record.Sandbox.Ports);
        DisconnectInside(record.Sandbox);
        _namespaces.Remove(containerId);
        _records.Delete(containerId);
        _sandboxes.TryRemove(containerId, out _);
        NamesChanged(record);
        foreach (var endpoint in record.Sandbox.Endpoints)
        {
            _reaper.Add(DriverOf(endpoint), endpoint, () => _addresses.Release(endpoint));
        }
    }

    /// <summary>
    /// An interface without a link on the host would live until the kernel gets to its namespace, and keep its MAC address from the next.
    /// </summary>
    private void DisconnectInside(NetworkSandbox sandbox)
    {
        foreach (var endpoint in sandbox.Endpoints.Where(endpoint => endpoint.HostInterfaceName is null))
        {
            DriverOf(endpoint).Disconnect(endpoint, _namespaces.Find(sandbox.ContainerId));
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
        return Plain(left) == Plain(right)
            && left.NameServers.SequenceEqual(right.NameServers)
            && left.Ports.SequenceEqual(right.Ports)
            && NetworkConnection.AreSame(left.Networks, right.Networks);
    }

    /// <summary>Without what is compared by its content.</summary>
    private static NetworkAttachment Plain(NetworkAttachment attachment) =>
        attachment with { Ports = s_noPorts, Networks = s_noNetworks, NameServers = s_noServers };

    /// <summary>What of the host, or of the container's own address, leads to the container.</summary>
    private IReadOnlyList<PublishedPort> Published(SandboxRecord record)
    {
        var sandbox = record.Sandbox;
        var way = sandbox.Endpoints.FirstOrDefault(endpoint => endpoint.HasDefaultRoute);
        var way6 = sandbox.Endpoints.FirstOrDefault(endpoint => endpoint.HasDefaultRoute6);
        var published = new List<PublishedPort>();
        foreach (var port in sandbox.Ports)
        {
            var host = PortRequest.AddressOf(port);
            var isIpv6 = host.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
            if (IpSubnet.TryParseAddress(isIpv6 ? way6?.Address6 : way?.Address, out var address))
            {
                published.Add(new PublishedPort(port.Protocol, host, port.HostPort, address, port.ContainerPort));
            }
        }

        published.AddRange(Opened(record.Request, way, way?.Address, settings => settings.Mode4));
        published.AddRange(Opened(record.Request, way6, way6?.Address6, settings => settings.Mode6));
        return published;
    }

    /// <summary>Ports of a routed network, which others reach at the container's own address.</summary>
    private IEnumerable<PublishedPort> Opened(
        NetworkAttachment request, NetworkEndpoint? way, string? text, Func<NetworkOptions, GatewayMode> mode)
    {
        if (way is null
            || _catalog.Find(way.NetworkId) is not { HasBridge: true } network
            || mode(network.Settings) != GatewayMode.Routed
            || !IpSubnet.TryParseAddress(text, out var address))
        {
            return [];
        }

        return request.Ports
            .Select(port => new PublishedPort(port.Protocol, IPAddress.None, 0, address, port.ContainerPort))
            .Distinct();
    }
}
