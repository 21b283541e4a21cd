using System.Buffers.Binary;
using System.Net;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Netlink;

namespace Portal.Engine.Linux.Networks.Links;

/// <summary>VXLAN interfaces, and what they are told of other nodes (linux/if_link.h, linux/neighbour.h).</summary>
internal sealed partial class RouteSocket
{
    private const ushort VxlanId = 1;
    private const ushort VxlanLocal = 4;
    private const ushort VxlanLearning = 7;
    private const ushort VxlanProxy = 11;
    private const ushort VxlanPort = 15;
    private const ushort NewNeighbour = 28;
    private const ushort DeleteNeighbour = 29;
    private const ushort GetNeighbour = 30;
    private const ushort NeighbourDestination = 1;
    private const ushort NeighbourMac = 2;
    private const int NeighbourPartLength = 12;
    private const ushort Permanent = 0x80;
    private const ushort NoArp = 0x40;
    private const byte OfTheLinkItself = 0x02;

    /// <summary>
    /// Makes a VXLAN interface that learns nothing, sends nothing to all, and answers questions for addresses (ARP) from its own table.
    /// </summary>
    public void AddVxlan(string name, VxlanLink made, int bridge, int mtu)
    {
        Span<byte> port = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(port, (ushort)made.Port);
        var portBytes = port.ToArray();
        var request = new NetlinkRequest($"add vxlan {name}", RouteConstants.NewLink, CreateNew)
            .Link()
            .Attribute(RouteConstants.LinkName, name)
            .Attribute(RouteConstants.LinkMtu, mtu)
            .Attribute(RouteConstants.LinkMaster, bridge)
            .Nested(RouteConstants.LinkInfo, info => info
                .Attribute(RouteConstants.InfoKind, "vxlan")
                .Nested(RouteConstants.InfoData, data => data
                    .Attribute(VxlanId, made.Vni)
                    .Attribute(VxlanLocal, made.Local)
                    .Attribute(VxlanLearning, (byte)0)
                    .Attribute(VxlanProxy, (byte)1)
                    .Attribute(VxlanPort, portBytes)));
        _socket.Execute(request);
    }

    /// <summary>How a VXLAN interface is set up; null when there is none of that name.</summary>
    public VxlanLink? FindVxlan(string name)
    {
        VxlanLink? found = null;
        var request = new NetlinkRequest($"find vxlan {name}", RouteConstants.GetLink, 0)
            .Link()
            .Attribute(RouteConstants.LinkName, name);
        var error = _socket.TryExecute(request, (type, content) =>
        {
            if (type == RouteConstants.NewLink && content.Length >= LinkPartLength)
            {
                found = ReadVxlan(new NetlinkAttributes(content[LinkPartLength..]).Nested(RouteConstants.LinkInfo)) ?? found;
            }
        });
        return error is 0 or Errno.NoDevice ? found : throw new NetlinkException(error, request.What);
    }

    /// <summary>Which node has which MAC address, as a VXLAN interface was told.</summary>
    public IReadOnlyList<NeighbourState> Forwarding(int index) =>
        Neighbours("list forwarding", RouteConstants.FamilyBridge, index);

    /// <summary>Which MAC address has which IPv4 address, as a link was told.</summary>
    public IReadOnlyList<NeighbourState> Neighbours(int index) => Neighbours("list neighbours", RouteConstants.FamilyIpv4, index);

    public void AddForwarding(int index, NeighbourState entry) => _socket.Execute(
        Neighbour($"send to a MAC address by {entry.Address}", NewNeighbour, RouteConstants.FamilyBridge, index, entry));

    public void AddNeighbour(int index, NeighbourState entry) => _socket.Execute(
        Neighbour($"tell link {index} of {entry.Address}", NewNeighbour, RouteConstants.FamilyIpv4, index, entry));

    /// <summary>Nothing happens when it is gone.</summary>
    public void RemoveForwarding(int index, NeighbourState entry) => DeleteIfThere(
        Neighbour($"stop sending to a MAC address by {entry.Address}", DeleteNeighbour, RouteConstants.FamilyBridge, index, entry));

    /// <summary>Nothing happens when it is gone.</summary>
    public void RemoveNeighbour(int index, NeighbourState entry) => DeleteIfThere(
        Neighbour($"have link {index} forget {entry.Address}", DeleteNeighbour, RouteConstants.FamilyIpv4, index, entry));

    private static VxlanLink? ReadVxlan(NetlinkAttributes info)
    {
        var data = info.Nested(RouteConstants.InfoData);
        return info.Text(RouteConstants.InfoKind) == "vxlan"
            && data.TryFind(VxlanPort, out var port) && port.Length == 2
            && data.TryFind(VxlanId, out var id) && id.Length == 4
            ? new VxlanLink(
                BinaryPrimitives.ReadInt32LittleEndian(id),
                data.TryFind(VxlanLocal, out var local) && local.Length == 4 ? new IPAddress(local) : IPAddress.Any,
                BinaryPrimitives.ReadUInt16BigEndian(port))
            : null;
    }

    private List<NeighbourState> Neighbours(string what, byte family, int index)
    {
        var found = new List<NeighbourState>();

        // The kernel takes the longer head of a link for the forwarding of one, and gives its bridge's entries too.
        var request = new NetlinkRequest(what, GetNeighbour, 0);
        request = family == RouteConstants.FamilyBridge
            ? request.Link(family, index)
            : request.Fixed([family, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        _socket.Dump(request, found.Clear, (type, content) =>
        {
            if (type == NewNeighbour && content.Length >= NeighbourPartLength && content[0] == family
                && BinaryPrimitives.ReadInt32LittleEndian(content[4..]) == index)
            {
                var attributes = new NetlinkAttributes(content[NeighbourPartLength..]);
                if (attributes.TryFind(NeighbourMac, out var mac) && mac.Length == 6
                    && attributes.TryFind(NeighbourDestination, out var address) && address.Length == 4)
                {
                    found.Add(new NeighbourState(NeighbourState.Pack(mac), new IPAddress(address)));
                }
            }
        });
        return found;
    }

    private static NetlinkRequest Neighbour(string what, ushort type, byte family, int index, NeighbourState entry)
    {
        // struct ndmsg: family, index, state, flags.
        var isForwarding = family == RouteConstants.FamilyBridge;
        var state = isForwarding ? Permanent | NoArp : Permanent;
        var flags = type == NewNeighbour ? (ushort)(NetlinkFlags.Create | NetlinkFlags.Replace) : (ushort)0;
        return new NetlinkRequest(what, type, flags)
            .Fixed([family, 0, 0, 0])
            .Fixed(BitConverter.GetBytes(index))
            .Fixed([(byte)state, (byte)(state >> 8), isForwarding ? OfTheLinkItself : (byte)0, 0])
            .Attribute(NeighbourDestination, entry.Address)
            .Attribute(NeighbourMac, entry.MacBytes());
    }

    private void DeleteIfThere(NetlinkRequest request)
    {
        var error = _socket.TryExecute(request);
        if (error is not (0 or Errno.NoEntry or Errno.NoDevice))
        {
            throw new NetlinkException(error, request.What);
        }
    }
}
