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
        var subnet = SubnetOf(network);
        var gateway = IPAddress.Parse(network.Gateway);
        using var routes = RouteSocket.Open();
        var bridge = routes.FindLink(network.InterfaceName);
        if (bridge is null)
        {
            var mtu = network.Mtu > 0 ? network.Mtu : MtuOfDefaultRoute(routes);
            routes.AddBridge(network.InterfaceName, HardwareAddress.Parse(HardwareAddress.FromAddress(gateway)), mtu);
            bridge = routes.GetLink(network.InterfaceName);
        }

        if (bridge.Kind != BridgeKind)
        {
            throw EngineException.Conflict(
                $"Making network {network.Name} failed: an interface {network.InterfaceName} exists and is not a bridge. "
                + "Rename it, or give this engine another instance name.");
        }

        ConfigureHost(network.InterfaceName);
        SetAddress(routes, bridge, gateway, subnet);
        routes.SetUp(bridge.Index);
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
            ConfigureInside(network, endpoint, namespacePath);
        }
        catch
        {
            routes.Delete(name);
            throw;
        }
    }

    public void Route(NetworkEndpoint endpoint, string namespacePath)
    {
        using var inside = NamespaceThread.Run(namespacePath, RouteSocket.Open);
        inside.AddDefaultRoute(IPAddress.Parse(endpoint.Gateway), inside.GetLink(endpoint.InterfaceName).Index);
    }

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

    public void Disconnect(NetworkEndpoint endpoint)
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
        var strays = routes.Links()
            .Where(link => link.Kind == VethKind && _names.IsOne(link.Name) && !hostInterfaces.Contains(link.Name))
            .Select(link => link.Name)
            .ToArray();
        foreach (var stray in strays)
        {
            routes.Delete(stray);
        }

        return strays;
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

    private static void ConfigureInside(NetworkDefinition network, NetworkEndpoint endpoint, string namespacePath)
    {
        var subnet = SubnetOf(network);
        using var inside = NamespaceThread.Run(namespacePath, RouteSocket.Open);
        var link = inside.GetLink(endpoint.InterfaceName);
        inside.AddAddress(link.Index, IPAddress.Parse(endpoint.Address), subnet.PrefixLength, subnet.AddressAt(subnet.Size - 1));
        inside.SetUp(link.Index);
        if (endpoint.HasDefaultRoute)
        {
            inside.AddDefaultRoute(IPAddress.Parse(endpoint.Gateway), link.Index);
        }
    }

    private static void ConfigureHost(string bridge)
    {
        Sysctl.Set("net/ipv4/ip_forward", "1");

        // Packets from 127.0.0.1 to a published port leave over the bridge, and their answers come back over it.
        Sysctl.Set($"net/ipv4/conf/{bridge}/route_localnet", "1");
        Sysctl.SetWhereKnown($"net/ipv6/conf/{bridge}/disable_ipv6", "1");
    }

    private static void SetAddress(RouteSocket routes, LinkState bridge, IPAddress gateway, Ipv4Subnet subnet)
    {
        var present = routes.Addresses().Where(address => address.LinkIndex == bridge.Index).ToArray();
        var wanted = new AddressState(bridge.Index, gateway, subnet.PrefixLength);
        foreach (var other in present.Where(address => address != wanted))
        {
            routes.DeleteAddress(other);
        }

        routes.AddAddress(bridge.Index, gateway, subnet.PrefixLength, subnet.AddressAt(subnet.Size - 1));
    }

    private static int MtuOfDefaultRoute(RouteSocket routes)
    {
        var route = routes.Routes().FirstOrDefault(route => route.PrefixLength == 0 && route.LinkIndex != 0);
        return routes.Links().FirstOrDefault(link => link.Index == route?.LinkIndex)?.Mtu ?? DefaultMtu;
    }

    private static Ipv4Subnet SubnetOf(NetworkDefinition network)
    {
        return Ipv4Subnet.TryParse(network.Subnet, out var subnet)
            ? subnet
            : throw new EngineException(EngineErrorKind.Internal, $"Network {network.Name} has no usable subnet: '{network.Subnet}'.");
    }

    private static string HostNameOf(NetworkEndpoint endpoint)
    {
        return endpoint.HostInterfaceName
            ?? throw new EngineException(EngineErrorKind.Internal, $"Endpoint {endpoint.EndpointId} has no interface on the host.");
    }
}
