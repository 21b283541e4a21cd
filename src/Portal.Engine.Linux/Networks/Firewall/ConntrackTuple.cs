using System.Buffers.Binary;
using System.Net;
using Portal.Engine.Linux.Interop.Netlink;

namespace Portal.Engine.Linux.Networks.Firewall;

/// <summary>One side of a flow that the kernel tracks.</summary>
/// <param name="Source">Who sends.</param>
/// <param name="Destination">To whom.</param>
/// <param name="Protocol">The transport's number.</param>
/// <param name="SourcePort">From which port.</param>
/// <param name="DestinationPort">To which port.</param>
internal readonly record struct ConntrackTuple(
    IPAddress Source, IPAddress Destination, byte Protocol, int SourcePort, int DestinationPort)
{
    // CTA_TUPLE_*, CTA_IP_V4_* and CTA_PROTO_* of linux/netfilter/nfnetlink_conntrack.h.
    private const ushort Addresses = 1;
    private const ushort Transport = 2;
    private const ushort First = 1;
    private const ushort Second = 2;
    private const ushort Third = 3;
    private const ushort Fourth = 4;

    /// <summary>Reads a tuple; false when it is not one with addresses and ports.</summary>
    public static bool TryRead(NetlinkAttributes attributes, out ConntrackTuple tuple)
    {
        tuple = default;
        var addresses = attributes.Nested(Addresses);
        var transport = attributes.Nested(Transport);

        // IPv6's addresses have numbers of their own.
        var isIpv4 = addresses.TryFind(First, out var source) & addresses.TryFind(Second, out var destination);
        var isIpv6 = !isIpv4 && (addresses.TryFind(Third, out source) & addresses.TryFind(Fourth, out destination));
        var length = isIpv6 ? 16 : 4;
        if (!(isIpv4 || isIpv6) || source.Length != length || destination.Length != length
            || !transport.TryFind(First, out var protocol) || protocol.Length < 1
            || !transport.TryFind(Second, out var sourcePort) || sourcePort.Length < 2
            || !transport.TryFind(Third, out var destinationPort) || destinationPort.Length < 2)
        {
            return false;
        }

        tuple = new ConntrackTuple(
            new IPAddress(source),
            new IPAddress(destination),
            protocol[0],
            BinaryPrimitives.ReadUInt16BigEndian(sourcePort),
            BinaryPrimitives.ReadUInt16BigEndian(destinationPort));
        return true;
    }
}
