using System.Net;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Netlink;
using Portal.Engine.Linux.Networks.Host;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Linux.Networks.Namespaces;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Linux.Networks.Bridge;

/// <summary>
/// Networks that are a Linux bridge with the gateway's address; a veth pair joins each container to it.
/// </summary>
internal sealed class BridgeDriver(EngineOptions options) : INetworkDriver
{
    private const string VethKind = "veth";
    private const string BridgeKind = "bridge";
    private const int DefaultMtu = 1500;

    private readonly VethNames _names = new(options.Name);

    public string Name => BridgeKind;

    public void Ensure(NetworkDefinition network)
    {
        var gateways = GatewaysOf(network);
        using var routes = RouteSocket.Open();
        var bridge = routes.FindLink(network.InterfaceName);
        if (bridge is null)
        {
            var mtu = network.Mtu > 0 ? network.Mtu : MtuOfDefaultRoute(routes);
            var named = IPAddress.Parse(network.HasIpv4 ? network.Gateway : network.Gateway6);
            routes.AddBridge(network.InterfaceName, HardwareAddress.Parse(HardwareAddress.FromAddress(named)), mtu);
            bridge = routes.GetLink(network.InterfaceName);
        }

        if (bridge.Kind != BridgeKind)
        {
            throw EngineException.Conflict(
                $"Making network {network.Name} failed: an interface {network.InterfaceName} exists and is not a bridge. "
                + "Rename it, or give this engine another instance name.");
        }

        ConfigureHost(network);
        SetAddresses(routes, bridge, gateways);
        routes.SetUp(bridge.Index);
        if (network.Subnet6.Length > 0)
        {
            // After it is up: the kernel takes routes away from links that are down.
            routes.AddLoopbackRoute(bridge.Index);
        }
    }

    public void Remove(NetworkDefinition network)
    {
        using var routes = RouteSocket.Open();
        if (network.InterfaceName.Length > 0 && routes.FindLink(network.InterfaceName)?.Kind == BridgeKind)
        {
            routes.Delete(network.InterfaceName);
        }
    }

    public string HostInterfaceName(string endpointId) => _names.For(endpointId);

    public void Connect(NetworkDefinition network, NetworkEndpoint endpoint, string namespacePath)
    {
        var name = HostNameOf(endpoint);
        using var routes = RouteSocket.Open();
        AddPair(routes, network, endpoint, name, namespacePath);
        try
        {
            routes.SetPort(routes.GetLink(name).Index, network.IsolatesContainers);
            InsideInterface.Configure(endpoint, namespacePath);
        }
        catch
        {
            routes.Delete(name);
            throw;
        }
    }

    public void Route(NetworkEndpoint endpoint, string namespacePath) => InsideInterface.Route(endpoint, namespacePath);

    public void Repair(NetworkDefinition network, NetworkEndpoint endpoint, string namespacePath)
    {
        var name = HostNameOf(endpoint);
        using var routes = RouteSocket.Open();
        if (routes.FindLink(name) is not { } link)
        {
            // Both ends of a pair go together, so the container has none either.
            Connect(network, endpoint, namespacePath);
            return;
        }

        var bridge = routes.GetLink(network.InterfaceName);
        if (link.Master != bridge.Index)
        {
            routes.SetMaster(link.Index, bridge.Index);
        }

        routes.SetPort(link.Index, network.IsolatesContainers);
        routes.SetUp(link.Index);
    }

    public void Disconnect(NetworkEndpoint endpoint, string? namespacePath)
    {
        if (endpoint.HostInterfaceName is { Length: > 0 } name)
        {
            using var routes = RouteSocket.Open();
            routes.Delete(name);
        }
    }

    public IReadOnlyList<string> RemoveStrays(IReadOnlySet<string> hostInterfaces)
    {
        using var routes = RouteSocket.Open();
        var strays = OwnLinks(routes)
            .Where(link => link.Kind == VethKind && _names.IsOne(link.Name) && !hostInterfaces.Contains(link.Name))
            .Select(link => link.Name)
            .ToArray();
        foreach (var stray in strays)
        {
            routes.Delete(stray);
        }

        return strays;
    }

    // An engine starts on a host too where links come and go faster than they can be listed: one that is missed then goes another time.
    private IEnumerable<LinkState> OwnLinks(RouteSocket routes)
    {
        try
        {
            return routes.Links();
        }
        catch (NetlinkException failure) when (failure.ErrorNumber == Errno.Busy)
        {
            return [.. RouteSocket.LinkNames().Where(_names.IsOne).Select(name => routes.FindLink(name)).OfType<LinkState>()];
        }
    }

    private static void AddPair(
        RouteSocket routes, NetworkDefinition network, NetworkEndpoint endpoint, string name, string namespacePath)
    {
        using var handle = NamespaceCalls.Open(namespacePath);
        var bridge = routes.FindLink(network.InterfaceName)
            ?? throw new EngineException(
                EngineErrorKind.Unavailable,
                $"Connecting to network {network.Name} failed: its bridge {network.InterfaceName} is gone. "
                + "Restart the engine to restore it.");
        var pair = new VethPair(
            name, bridge.Index, endpoint.InterfaceName, HardwareAddress.Parse(endpoint.MacAddress), bridge.Mtu);
        try
        {
            routes.AddVeth(pair, (int)handle.DangerousGetHandle());
        }
        catch (NetlinkException exception) when (exception.ErrorNumber == Errno.Exists)
        {
            throw new EngineException(EngineErrorKind.AlreadyExists, $"An interface named {name} exists.", exception);
        }
    }

    private static void ConfigureHost(NetworkDefinition network)
    {
        var bridge = network.InterfaceName;
        HostForwarding.EnableIpv4();

        // Packets from 127.0.0.1 to a published port leave over the bridge, and their answers come back over it.
        Sysctl.Set($"net/ipv4/conf/{bridge}/route_localnet", "1");
        if (!network.HasIpv6)
        {
            Sysctl.SetWhereKnown($"net/ipv6/conf/{bridge}/disable_ipv6", "1");
            return;
        }

        if (!Directory.Exists("/proc/sys/net/ipv6"))
        {
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"Making network {network.Name} failed: this host's kernel has IPv6 switched off (ipv6.disable=1). Leave out --ipv6.");
        }

        // The host is the router here: nobody on the bridge tells it of addresses and routes.
        Sysctl.Set($"net/ipv6/conf/{bridge}/accept_ra", "0");
        Sysctl.Set($"net/ipv6/conf/{bridge}/disable_ipv6", "0");
        HostForwarding.EnableIpv6();
    }

    private static AddressState[] GatewaysOf(NetworkDefinition network)
    {
        var settings = network.Settings;
        var gateways = new List<AddressState>();
        if (network.HasIpv4 && settings is { Mode4: not GatewayMode.Isolated, InhibitsGateway: false })
        {
            gateways.Add(new AddressState(0, IPAddress.Parse(network.Gateway), SubnetOf(network, network.Subnet).PrefixLength));
        }

        if (network.HasIpv6 && settings.Mode6 != GatewayMode.Isolated)
        {
            gateways.Add(new AddressState(0, IPAddress.Parse(network.Gateway6), SubnetOf(network, network.Subnet6).PrefixLength));
        }

        return [.. gateways];
    }

    private static void SetAddresses(RouteSocket routes, LinkState bridge, AddressState[] gateways)
    {
        var wanted = gateways.Select(gateway => gateway with { LinkIndex = bridge.Index }).ToArray();
        foreach (var other in routes.Addresses().Where(address => address.LinkIndex == bridge.Index && !address.Address.IsIPv6LinkLocal))
        {
            if (!wanted.Contains(other))
            {
                routes.DeleteAddress(other);
            }
        }

        foreach (var gateway in wanted)
        {
            routes.AddAddress(bridge.Index, gateway.Address, gateway.PrefixLength);
        }
    }

    private static int MtuOfDefaultRoute(RouteSocket routes)
    {
        var route = routes.Routes().FirstOrDefault(route => route.PrefixLength == 0 && route.LinkIndex != 0);
        return (route is null ? null : routes.FindLink(route.LinkIndex))?.Mtu ?? DefaultMtu;
    }

    private static IpSubnet SubnetOf(NetworkDefinition network, string text)
    {
        return IpSubnet.TryParse(text, out var subnet)
            ? subnet
            : throw new EngineException(EngineErrorKind.Internal, $"Network {network.Name} has no usable subnet: '{text}'.");
    }

    private static string HostNameOf(NetworkEndpoint endpoint)
    {
        return endpoint.HostInterfaceName
            ?? throw new EngineException(EngineErrorKind.Internal, $"Endpoint {endpoint.EndpointId} has no interface on the host.");
    }
}
