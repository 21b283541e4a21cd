using System.Net.Sockets;
using Portal.Engine.Linux.Interop.Netlink;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>
/// Finds what others' filters drop of an instance's traffic. An <c>accept</c> of ours ends our own chain alone, so where one of theirs
/// drops, nothing that we write in our table helps (docs/adr/0012). Stays in the network namespace of the thread that made it.
/// Thread-safe.
/// </summary>
internal sealed class ForwardingObstacles : IDisposable
{
    // Where the host has no default route, packets leave somewhere that no rule names.
    private const string Anywhere = "\u007f";
    private const int Ipv4 = 2;
    private const int Ipv6 = 10;

    private readonly Lock _lock = new();
    private readonly NetlinkSocket _filters = NetlinkSocket.Open(NetlinkSocket.Netfilter);
    private readonly RouteSocket _routes = RouteSocket.Open();
    private readonly LegacyFilters _legacy = new();

    /// <summary>
    /// A sentence for each chain that drops what the networks' containers send out, what comes in at their published ports, or what they ask
    /// the host's name server.
    /// </summary>
    /// <param name="instance">The instance, whose own table is left out.</param>
    /// <param name="networks">Its networks.</param>
    /// <exception cref="IOException">The kernel has no nf_tables, or does not tell.</exception>
    public IReadOnlyList<string> Find(string instance, IReadOnlyList<FirewallNetwork> networks)
    {
        var open = networks.Where(network => !network.IsInternal).ToArray();
        var asked = networks.Where(network => network.IsAsked).ToArray();
        lock (_lock)
        {
            IReadOnlyList<FilterChain> chains = open.Length + asked.Length == 0
                ? []
                : [.. FilterReader.Read(_filters, instance), .. _legacy.Read()];
            return chains.Count == 0 ? [] : [.. Find(instance, open, chains, WaysOut()), .. FindUnanswered(instance, asked, chains)];
        }
    }

    public void Dispose()
    {
        _filters.Dispose();
        _routes.Dispose();
        _legacy.Dispose();
    }

    private static IEnumerable<string> FindUnanswered(string instance, FirewallNetwork[] networks, IReadOnlyList<FilterChain> chains)
    {
        var walk = new FilterWalk(chains);
        return chains.Where(chain => chain.IsInput)
            .Select(chain => new QueryObstacle(
                chain, [.. networks.Where(network => !IsAnswered(walk, chain, network)).Select(network => network.InterfaceName)]))
            .Where(obstacle => obstacle.Bridges.Count > 0)
            .Select(obstacle => obstacle.Describe(instance, chains));
    }

    /// <summary>By the family that its containers ask with: IPv4 where it has both.</summary>
    private static bool IsAnswered(FilterWalk walk, FilterChain chain, FirewallNetwork network)
    {
        var isIpv6 = network.Ipv4 is null;
        var subnet = network.Ipv4 ?? network.Ipv6;
        return subnet is null
            || chain.Family == (isIpv6 ? Ipv4 : Ipv6)
            || walk.Passes(chain, new FilteredPacket(network.InterfaceName, "", false, isIpv6) { Asker = subnet.Subnet.Last });
    }

    private static List<string> Find(
        string instance, FirewallNetwork[] networks, IReadOnlyList<FilterChain> chains, (string Ipv4, string Ipv6) ways)
    {
        var walk = new FilterWalk(chains);
        var found = new List<string>();
        foreach (var chain in chains.Where(chain => chain.IsForward))
        {
            var out4 = Stopped(walk, chain, networks, ways.Ipv4, isOut: true, isIpv6: false);
            var out6 = Stopped(walk, chain, networks, ways.Ipv6, isOut: true, isIpv6: true);
            var in4 = Stopped(walk, chain, networks, ways.Ipv4, isOut: false, isIpv6: false);
            var in6 = Stopped(walk, chain, networks, ways.Ipv6, isOut: false, isIpv6: true);
            string[] outgoing = [.. out4.Union(out6)];
            string[] incoming = [.. in4.Union(in6)];
            if (outgoing.Length > 0 || incoming.Length > 0)
            {
                var way = out4.Length + in4.Length > 0 ? ways.Ipv4 : ways.Ipv6;
                var obstacle = new ForwardingObstacle(chain, outgoing, incoming, way == Anywhere ? "" : way);
                found.Add(obstacle.Describe(instance, chains));
            }
        }

        return found;
    }

    private static string[] Stopped(
        FilterWalk walk, FilterChain chain, FirewallNetwork[] networks, string way, bool isOut, bool isIpv6)
    {
        return chain.Family == (isIpv6 ? Ipv4 : Ipv6)
            ? []
            : [.. networks
                .Where(network => (isIpv6 ? network.Ipv6 : network.Ipv4) is not null)
                .Select(network => network.InterfaceName)
                .Where(bridge => !walk.Passes(
                    chain,
                    isOut ? new FilteredPacket(bridge, way, false, isIpv6) : new FilteredPacket(way, bridge, true, isIpv6)))];
    }

    /// <summary>The interfaces of the default routes.</summary>
    private (string Ipv4, string Ipv6) WaysOut()
    {
        var links = _routes.Links().ToDictionary(link => link.Index, link => link.Name);
        var ways = _routes.Routes().Where(route => route.PrefixLength == 0).ToArray();
        string Of(AddressFamily family) => ways
            .Where(route => route.Destination.AddressFamily == family)
            .Select(route => links.GetValueOrDefault(route.LinkIndex))
            .OfType<string>()
            .FirstOrDefault(Anywhere);
        return (Of(AddressFamily.InterNetwork), Of(AddressFamily.InterNetworkV6));
    }
}
