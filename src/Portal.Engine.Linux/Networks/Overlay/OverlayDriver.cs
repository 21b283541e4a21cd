using System.Net;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Netlink;
using Portal.Engine.Linux.Networks.Bridge;
using Portal.Engine.Linux.Networks.Host;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Networks.Overlay;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Linux.Networks.Overlay;

/// <summary>
/// Networks that span nodes: on each a bridge, as <see cref="BridgeDriver"/> makes it, with a VXLAN interface (RFC 7348) as one more port.
/// That one learns nothing from packets and has nobody to send to whom it was not told of, so nothing is ever flooded; questions for MAC
/// addresses (ARP) it answers itself.
/// </summary>
internal sealed class OverlayDriver(EngineOptions options) : IOverlayDriver
{
    /// <summary>What VXLAN over IPv4 adds to a packet: Ethernet 14, IP 20, UDP 8, VXLAN 8 (RFC 7348, 4.3).</summary>
    private const int Overhead = 50;

    private const string VxlanKind = "vxlan";
    private readonly BridgeDriver _bridge = new(options);
    private readonly VxlanNames _names = new(options.Name);

    public string Name => "overlay";

    public void Ensure(NetworkDefinition network)
    {
        var place = PlaceOf(network);
        var wanted = new VxlanLink(place.Vni, IPAddress.Parse(place.NodeAddress), place.Port);
        using var routes = RouteSocket.Open();
        var mtu = network.Mtu > 0 ? network.Mtu : MtuBelow(routes, network, wanted.Local) - Overhead;
        _bridge.Ensure(network with { Mtu = mtu });
        var name = _names.For(network.Id);
        if (routes.FindVxlan(name) is { } present && present != wanted)
        {
            routes.Delete(name);
        }

        if (routes.FindLink(name) is null)
        {
            Add(routes, network, wanted, mtu);
        }

        // It asks nobody and has no address: IPv6 would only send what is dropped again.
        Sysctl.SetWhereKnown($"net/ipv6/conf/{name}/disable_ipv6", "1");
        var link = routes.GetLink(name);
        var bridge = routes.GetLink(network.InterfaceName);
        if (link.Master != bridge.Index)
        {
            routes.SetMaster(link.Index, bridge.Index);
        }

        routes.SetUp(link.Index);
    }

    public void Remove(NetworkDefinition network)
    {
        using var routes = RouteSocket.Open();
        var name = _names.For(network.Id);
        if (routes.FindLink(name)?.Kind == VxlanKind)
        {
            routes.Delete(name);
        }

        _bridge.Remove(network);
    }

    public string? HostInterfaceName(string endpointId) => _bridge.HostInterfaceName(endpointId);

    public void Connect(NetworkDefinition network, NetworkEndpoint endpoint, string namespacePath) =>
        _bridge.Connect(network, endpoint, namespacePath);

    public void Route(NetworkEndpoint endpoint, string namespacePath) => _bridge.Route(endpoint, namespacePath);

    public void Repair(NetworkDefinition network, NetworkEndpoint endpoint, string namespacePath) =>
        _bridge.Repair(network, endpoint, namespacePath);

    public void Disconnect(NetworkEndpoint endpoint, string? namespacePath) => _bridge.Disconnect(endpoint, namespacePath);

    /// <summary>Interfaces of containers the bridge's driver finds. Those of networks that are gone are found by their name, as bridges are.</summary>
    public IReadOnlyList<string> RemoveStrays(IReadOnlySet<string> hostInterfaces) => [];

    public void SetPeers(NetworkDefinition network, IReadOnlyList<OverlayPeer> peers)
    {
        using var routes = RouteSocket.Open();
        var link = routes.FindLink(_names.For(network.Id)) ?? throw new EngineException(
            EngineErrorKind.Unavailable,
            $"Telling network {network.Name} of its other nodes failed: its VXLAN interface is gone. Restart the engine to restore it.");
        var forwarding = new HashSet<NeighbourState>();
        var neighbours = new HashSet<NeighbourState>();
        foreach (var peer in peers)
        {
            var node = IPAddress.Parse(peer.NodeAddress);
            foreach (var endpoint in peer.Endpoints)
            {
                var mac = NeighbourState.Pack(HardwareAddress.Parse(endpoint.MacAddress));
                forwarding.Add(new NeighbourState(mac, node));
                neighbours.Add(new NeighbourState(mac, IPAddress.Parse(endpoint.Address)));
            }
        }

        // What goes, goes first: an address that moved has one entry at a time.
        Bring(routes.Forwarding(link.Index), forwarding, routes.RemoveForwarding, routes.AddForwarding);
        Bring(routes.Neighbours(link.Index), neighbours, routes.RemoveNeighbour, routes.AddNeighbour);

        void Bring(
            IReadOnlyList<NeighbourState> present,
            HashSet<NeighbourState> wanted,
            Action<int, NeighbourState> remove,
            Action<int, NeighbourState> add)
        {
            foreach (var gone in present.Where(entry => !wanted.Contains(entry)))
            {
                remove(link.Index, gone);
            }

            foreach (var missing in wanted.Except(present))
            {
                add(link.Index, missing);
            }
        }
    }

    private void Add(RouteSocket routes, NetworkDefinition network, VxlanLink wanted, int mtu)
    {
        try
        {
            routes.AddVxlan(_names.For(network.Id), wanted, routes.GetLink(network.InterfaceName).Index, mtu);
        }
        catch (NetlinkException exception)
        {
            throw exception.ErrorNumber switch
            {
                Errno.Exists => EngineException.Conflict(
                    $"network {network.Name}: another VXLAN interface of this host has number {wanted.Vni} at port {wanted.Port}. "
                    + "Two engines on one host can't be nodes of one network; else choose another number or port."),
                Errno.NotSupported => new EngineException(
                    EngineErrorKind.Unavailable,
                    $"network {network.Name} can't be made: this host's kernel has no VXLAN (module vxlan). Load it.", exception),
                _ => new EngineException(
                    EngineErrorKind.Unavailable, $"Making the VXLAN interface of network {network.Name} failed.", exception),
            };
        }
    }

    private static int MtuBelow(RouteSocket routes, NetworkDefinition network, IPAddress local)
    {
        var owner = routes.Addresses().FirstOrDefault(address => address.Address.Equals(local)) ?? throw new EngineException(
            EngineErrorKind.Unavailable,
            $"network {network.Name}: this host does not have the address {local}, at which its other nodes are to reach it. "
            + "Set PORTAL_NODE_ADDRESS of the agent to one of the host's own.");
        return routes.FindLink(owner.LinkIndex)?.Mtu ?? throw new EngineException(
            EngineErrorKind.Unavailable, $"network {network.Name}: the interface that has the address {local} went away meanwhile. Try again.");
    }

    private static OverlayPlace PlaceOf(NetworkDefinition network)
    {
        return network.Overlay
            ?? throw new EngineException(EngineErrorKind.Internal, $"Network {network.Name} spans nodes and has no place among them.");
    }
}
