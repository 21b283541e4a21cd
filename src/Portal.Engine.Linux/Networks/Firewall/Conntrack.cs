using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Netlink;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Linux.Networks.Firewall;

/// <summary>
/// Makes the kernel forget tracked UDP flows that a change of published ports made wrong. Address translation is decided by a
/// flow's first packet and lasts while packets come, so a client that keeps sending would reach the old place for ever. TCP
/// needs none of this: a new connection is a new flow.
/// </summary>
internal static class Conntrack
{
    // nfnetlink: the subsystem's number in the high byte (NFNL_SUBSYS_CTNETLINK), the message's in the low one.
    private const ushort Get = 0x101;
    private const ushort New = 0x100;
    private const ushort Delete = 0x102;
    private const ushort Original = 1;
    private const ushort Reply = 2;
    private const ushort Nested = 0x8000;
    private const int GenericHeader = 4;
    private const byte UdpNumber = 17;

    private static readonly byte[][] s_familyHeaders = [[2, 0, 0, 0], [10, 0, 0, 0]];

    /// <summary>A flow's two sides: which to forget?</summary>
    private delegate bool Choice(ConntrackTuple original, ConntrackTuple reply);

    /// <summary>Forgets flows that reached the host itself until now, and flows to containers that are published no longer.</summary>
    /// <param name="published">UDP ports that go to a container now.</param>
    /// <param name="withdrawn">UDP ports that went to a container.</param>
    public static void Forget(IEnumerable<PublishedPort> published, IEnumerable<PublishedPort> withdrawn)
    {
        var ports = published.Select(port => port.HostPort).ToHashSet();
        var targets = withdrawn.Select(port => (port.HostPort, port.ContainerAddress, port.ContainerPort)).ToHashSet();
        Forget((original, reply) => targets.Contains((original.DestinationPort, reply.Source, reply.SourcePort))
            || (ports.Contains(original.DestinationPort) && IsUntranslated(original, reply)));
    }

    private static bool IsUntranslated(ConntrackTuple original, ConntrackTuple reply)
    {
        return original.Destination.Equals(reply.Source) && original.Source.Equals(reply.Destination);
    }

    private static void Forget(Choice choice)
    {
        using var socket = NetlinkSocket.Open(NetlinkSocket.Netfilter);
        foreach (var header in s_familyHeaders)
        {
            Forget(socket, header, choice);
        }
    }

    private static void Forget(NetlinkSocket socket, byte[] header, Choice choice)
    {
        foreach (var tuple in Find(socket, header, choice))
        {
            var request = new NetlinkRequest("forget a tracked flow", Delete, 0)
                .Fixed(header)
                .Attribute(Original | Nested, tuple);
            var error = socket.TryExecute(request);
            if (error is not (0 or Errno.NoEntry))
            {
                throw new NetlinkException(error, request.What);
            }
        }
    }

    private static List<byte[]> Find(NetlinkSocket socket, byte[] header, Choice choice)
    {
        var found = new List<byte[]>();
        var request = new NetlinkRequest("list tracked flows", Get, 0).Fixed(header);
        socket.Dump(request, found.Clear, (type, content) =>
        {
            if (type != New || content.Length < GenericHeader)
            {
                return;
            }

            var attributes = new NetlinkAttributes(content[GenericHeader..]);
            if (ConntrackTuple.TryRead(attributes.Nested(Original), out var original)
                && original.Protocol == UdpNumber
                && ConntrackTuple.TryRead(attributes.Nested(Reply), out var reply)
                && choice(original, reply)
                && attributes.TryFind(Original, out var tuple))
            {
                found.Add(tuple.ToArray());
            }
        });
        return found;
    }
}
