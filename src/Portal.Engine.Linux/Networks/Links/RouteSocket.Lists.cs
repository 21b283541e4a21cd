using System.Buffers.Binary;
using System.Net;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Netlink;

namespace Portal.Engine.Linux.Networks.Links;

internal sealed partial class RouteSocket
{
    private const int LinkPartLength = 16;
    private const int AddressPartLength = 8;
    private const int RoutePartLength = 12;

    /// <summary>All links.</summary>
    public IReadOnlyList<LinkState> Links()
    {
        var links = new List<LinkState>();

        // Without counters, which are more than half of what is told of a link: what is read faster is spoilt less often.
        var request = new NetlinkRequest("list links", RouteConstants.GetLink, 0)
            .Link()
            .Attribute(RouteConstants.LinkExtensions, RouteConstants.WithoutCounters);
        _socket.Dump(request, links.Clear, (type, content) =>
        {
            if (type == RouteConstants.NewLink && content.Length >= LinkPartLength)
            {
                links.Add(ReadLink(content));
            }
        });
        return links;
    }

    /// <summary>The names of all links that this thread's network has, or of nearly all while they change (proc_pid_net(5)).</summary>
    public static IReadOnlyList<string> LinkNames() =>
        [.. File.ReadLines("/proc/thread-self/net/dev").Where(line => line.Contains(':', StringComparison.Ordinal))
            .Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)].Trim())];

    /// <summary>A link by its name, or null. Costs the same however many links there are.</summary>
    public LinkState? FindLink(string name) =>
        FindLink(new NetlinkRequest($"find link {name}", RouteConstants.GetLink, 0).Link().Attribute(RouteConstants.LinkName, name));

    /// <inheritdoc cref="FindLink(string)"/>
    public LinkState? FindLink(int index) =>
        FindLink(new NetlinkRequest($"find link {index}", RouteConstants.GetLink, 0).Link(index: index));

    /// <summary>A link by its name.</summary>
    public LinkState GetLink(string name)
    {
        return FindLink(name) ?? throw new NetlinkException(Errno.NoDevice, $"find link {name}");
    }

    /// <summary>All addresses of both families.</summary>
    public IReadOnlyList<AddressState> Addresses()
    {
        var addresses = new List<AddressState>();
        var request = new NetlinkRequest("list addresses", RouteConstants.GetAddress, 0).Fixed([0, 0, 0, 0, 0, 0, 0, 0]);
        _socket.Dump(request, addresses.Clear, (type, content) =>
        {
            if (type == RouteConstants.NewAddress && content.Length >= AddressPartLength)
            {
                // IPv6 has its address where IPv4 has that of the other end.
                var attributes = new NetlinkAttributes(content[AddressPartLength..]);
                var name = content[0] == RouteConstants.FamilyIpv6 ? RouteConstants.AddressAddress : RouteConstants.AddressLocal;
                if (attributes.TryFind(name, out var bytes) && bytes.Length == LengthOf(content[0]))
                {
                    var index = BinaryPrimitives.ReadInt32LittleEndian(content[4..]);
                    addresses.Add(new AddressState(index, new IPAddress(bytes), Math.Min(content[1], (byte)(bytes.Length * 8))));
                }
            }
        });
        return addresses;
    }

    /// <summary>All routes of both families, of all tables but the local one, which repeats addresses.</summary>
    public IReadOnlyList<RouteState> Routes() => [.. Routes(RouteConstants.FamilyIpv4), .. Routes(RouteConstants.FamilyIpv6)];

    private List<RouteState> Routes(byte family)
    {
        const byte localTable = 255;
        var routes = new List<RouteState>();
        var request = new NetlinkRequest("list routes", RouteConstants.GetRoute, 0)
            .Fixed([family, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        _socket.Dump(request, routes.Clear, (type, content) =>
        {
            if (type == RouteConstants.NewRoute && content.Length >= RoutePartLength && content[0] == family && content[4] != localTable)
            {
                var length = LengthOf(family);
                var attributes = new NetlinkAttributes(content[RoutePartLength..]);
                var destination = attributes.TryFind(RouteConstants.RouteDestination, out var bytes) && bytes.Length == length
                    ? new IPAddress(bytes)
                    : family == RouteConstants.FamilyIpv6 ? IPAddress.IPv6Any : IPAddress.Any;
                var prefixLength = Math.Min(content[1], (byte)(length * 8));
                routes.Add(new RouteState(destination, prefixLength, attributes.Number(RouteConstants.RouteOutput)));
            }
        });
        return routes;
    }

    private LinkState? FindLink(NetlinkRequest request)
    {
        LinkState? found = null;
        var error = _socket.TryExecute(request, (type, content) =>
        {
            if (type == RouteConstants.NewLink && content.Length >= LinkPartLength)
            {
                found = ReadLink(content);
            }
        });
        return error is 0 or Errno.NoDevice ? found : throw new NetlinkException(error, request.What);
    }

    private static int LengthOf(byte family) => family == RouteConstants.FamilyIpv6 ? 16 : 4;

    private static LinkState ReadLink(ReadOnlySpan<byte> content)
    {
        var attributes = new NetlinkAttributes(content[LinkPartLength..]);
        return new LinkState(
            BinaryPrimitives.ReadInt32LittleEndian(content[4..]),
            attributes.Text(RouteConstants.LinkName),
            attributes.Nested(RouteConstants.LinkInfo).Text(RouteConstants.InfoKind),
            attributes.Number(RouteConstants.LinkMaster),
            attributes.Number(RouteConstants.LinkMtu),
            (BinaryPrimitives.ReadUInt32LittleEndian(content[8..]) & RouteConstants.FlagUp) != 0,
            attributes.Text(RouteConstants.LinkAlias));
    }
}
