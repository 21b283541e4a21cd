using System.Net;
using System.Net.Sockets;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Netlink;
using Portal.Engine.Networks.Addresses;

namespace Portal.Engine.Linux.Networks.Links;

/// <summary>
/// Links, addresses and routes of one network namespace over rtnetlink(7): that of the thread which opens it. Not thread-safe;
/// cheap to open, so one serves one operation.
/// </summary>
internal sealed partial class RouteSocket : IDisposable
{
    private const ushort CreateNew = NetlinkFlags.Create | NetlinkFlags.Exclusive;

    // Behind the route of lo (0), beside those that the kernel makes by itself.
    private const int LoopbackMetric = 1024;

    private readonly NetlinkSocket _socket;

    private RouteSocket(NetlinkSocket socket)
    {
        _socket = socket;
    }

    public static RouteSocket Open() => new(NetlinkSocket.Open());

    /// <summary>Makes a bridge with an Ethernet address of its own, which otherwise would change with its ports.</summary>
    public void AddBridge(string name, ReadOnlySpan<byte> hardwareAddress, int mtu)
    {
        var request = new NetlinkRequest($"add bridge {name}", RouteConstants.NewLink, CreateNew)
            .Link()
            .Attribute(RouteConstants.LinkName, name)
            .Attribute(RouteConstants.LinkMtu, mtu)
            .Attribute(RouteConstants.LinkAddress, hardwareAddress)
            .Nested(RouteConstants.LinkInfo, info => info.Attribute(RouteConstants.InfoKind, "bridge"));
        _socket.Execute(request);
    }

    /// <summary>Makes a pair of linked interfaces in one step: one here, up and a port of a bridge; one in another namespace.</summary>
    /// <remarks>
    /// With one queue each. The kernel would make one for each processor and use one, and wait twice for a grace period while it takes the
    /// others out of use (veth.c: <c>veth_init_queues</c>).
    /// </remarks>
    public void AddVeth(VethPair pair, int namespaceFd)
    {
        var request = new NetlinkRequest($"add veth {pair.Name}", RouteConstants.NewLink, CreateNew)
            .Link(flags: RouteConstants.FlagUp, change: RouteConstants.FlagUp)
            .Attribute(RouteConstants.LinkName, pair.Name)
            .Attribute(RouteConstants.LinkMtu, pair.Mtu)
            .Attribute(RouteConstants.LinkSendQueues, 1)
            .Attribute(RouteConstants.LinkReceiveQueues, 1);
        if (pair.Bridge != 0)
        {
            request.Attribute(RouteConstants.LinkMaster, pair.Bridge);
        }

        request.Nested(RouteConstants.LinkInfo, info => info
            .Attribute(RouteConstants.InfoKind, "veth")
            .Nested(RouteConstants.InfoData, data => data
                .Nested(RouteConstants.VethPeer, peer => AddPeer(peer, pair, namespaceFd))));
        _socket.Execute(request);
    }

    public void SetUp(int index)
    {
        var request = new NetlinkRequest($"set link {index} up", RouteConstants.NewLink, 0)
            .Link(index: index, flags: RouteConstants.FlagUp, change: RouteConstants.FlagUp);
        _socket.Execute(request);
    }

    public void SetMaster(int index, int bridge)
    {
        var request = new NetlinkRequest($"make link {index} a port of bridge {bridge}", RouteConstants.NewLink, 0)
            .Link(index: index)
            .Attribute(RouteConstants.LinkMaster, bridge);
        _socket.Execute(request);
    }

    /// <summary>
    /// Lets a bridge send a packet back through the port that it came from: a container that calls its own published port.
    /// </summary>
    public void SetPort(int index, bool isolated)
    {
        var request = new NetlinkRequest($"set bridge port {index}", RouteConstants.SetLink, 0)
            .Link(family: RouteConstants.FamilyBridge, index: index)
            .Nested(RouteConstants.LinkProtocolInfo | RouteConstants.Nested, info => info
                .Attribute(RouteConstants.BridgePortHairpin, (byte)1)
                .Attribute(RouteConstants.BridgePortIsolated, isolated ? (byte)1 : (byte)0));
        _socket.Execute(request);
    }

    /// <summary>Deletes a link; nothing happens when there is none.</summary>
    public void Delete(string name)
    {
        var request = new NetlinkRequest($"delete link {name}", RouteConstants.DeleteLink, 0)
            .Link()
            .Attribute(RouteConstants.LinkName, name);
        var error = _socket.TryExecute(request);
        if (error is not (0 or Errno.NoDevice))
        {
            throw new NetlinkException(error, request.What);
        }
    }

    /// <summary>Gives a link an address. IPv6's is usable at once: nobody else can have it on links that are ours.</summary>
    public void AddAddress(int index, IPAddress address, int prefixLength)
    {
        const byte withoutDuplicateDetection = 0x02;
        var isIpv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        var request = new NetlinkRequest(
            $"add address {address}/{prefixLength} to link {index}", RouteConstants.NewAddress, NetlinkFlags.Create | NetlinkFlags.Replace)
            .Fixed([FamilyOf(address), (byte)prefixLength, isIpv6 ? withoutDuplicateDetection : (byte)0, 0])
            .Fixed(BitConverter.GetBytes(index))
            .Attribute(RouteConstants.AddressLocal, address)
            .Attribute(RouteConstants.AddressAddress, address);
        if (!isIpv6)
        {
            request.Attribute(RouteConstants.AddressBroadcast, new IpSubnet(address, prefixLength).Last);
        }

        _socket.Execute(request);
    }

    public void DeleteAddress(AddressState state)
    {
        var request = new NetlinkRequest($"delete address {state.Address} of link {state.LinkIndex}", RouteConstants.DeleteAddress, 0)
            .Fixed([FamilyOf(state.Address), (byte)state.PrefixLength, 0, 0])
            .Fixed(BitConverter.GetBytes(state.LinkIndex))
            .Attribute(RouteConstants.AddressLocal, state.Address)
            .Attribute(RouteConstants.AddressAddress, state.Address);
        _socket.Execute(request);
    }

    /// <summary>Sends what no other route covers over a gateway; replaces the route that did.</summary>
    public void AddDefaultRoute(IPAddress gateway, int index)
    {
        _socket.Execute(DefaultRoute($"add default route by {gateway}", FamilyOf(gateway), scope: 0)
            .Attribute(RouteConstants.RouteGateway, gateway)
            .Attribute(RouteConstants.RouteOutput, index));
    }

    /// <summary>Sends what no other route covers out of a link, to whoever is there.</summary>
    public void AddDefaultRoute(int index, bool isIpv6)
    {
        const byte onLink = 253;
        var family = isIpv6 ? RouteConstants.FamilyIpv6 : RouteConstants.FamilyIpv4;
        _socket.Execute(DefaultRoute($"add default route over link {index}", family, isIpv6 ? (byte)0 : onLink)
            .Attribute(RouteConstants.RouteOutput, index));
    }

    /// <summary>
    /// Lets answers of containers on a link come back to ::1. Once their translation is undone they are for ::1, and the kernel looks such
    /// an address up on the interface that they came in by alone (<c>rt6_need_strict</c>, net/ipv6/route.c), where no address can make it a
    /// local one; a route can. Packets of others for or from ::1 stay refused: they are dropped before (<c>ip6_rcv_core</c>). Idempotent.
    /// </summary>
    public void AddLoopbackRoute(int index)
    {
        // Local table (255), local (2), after the one of lo; a host without IPv6 needs none.
        var request = new NetlinkRequest($"add a route to ::1 for link {index}", RouteConstants.NewRoute, NetlinkFlags.Create)
            .Fixed([RouteConstants.FamilyIpv6, 128, 0, 0, 255, 3, 0, 2, 0, 0, 0, 0])
            .Attribute(RouteConstants.RouteDestination, IPAddress.IPv6Loopback)
            .Attribute(RouteConstants.RouteOutput, index)
            .Attribute(RouteConstants.RoutePriority, LoopbackMetric);
        var error = _socket.TryExecute(request);
        if (error is not (0 or Errno.Exists))
        {
            throw new NetlinkException(error, request.What);
        }
    }

    public void Dispose() => _socket.Dispose();

    // struct rtmsg: main table (254), made by an administrator's tool (RTPROT_BOOT, 3), unicast (1).
    private static NetlinkRequest DefaultRoute(string what, byte family, byte scope) =>
        new NetlinkRequest(what, RouteConstants.NewRoute, NetlinkFlags.Create | NetlinkFlags.Replace)
            .Fixed([family, 0, 0, 0, 254, 3, scope, 1, 0, 0, 0, 0]);

    private static byte FamilyOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? RouteConstants.FamilyIpv6 : RouteConstants.FamilyIpv4;

    private static void AddPeer(NetlinkRequest request, VethPair pair, int namespaceFd)
    {
        request
            .Link()
            .Attribute(RouteConstants.LinkName, pair.PeerName)
            .Attribute(RouteConstants.LinkMtu, pair.Mtu)
            .Attribute(RouteConstants.LinkSendQueues, 1)
            .Attribute(RouteConstants.LinkReceiveQueues, 1)
            .Attribute(RouteConstants.LinkAddress, pair.PeerHardwareAddress)
            .Attribute(RouteConstants.LinkNamespaceFd, namespaceFd);
    }
}
