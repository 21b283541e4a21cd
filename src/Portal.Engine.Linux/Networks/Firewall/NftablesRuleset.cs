using System.Globalization;
using System.Text;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Networks.Ingress;

namespace Portal.Engine.Linux.Networks.Firewall;

/// <summary>
/// Writes the rules of one instance in nft(8)'s language. The chains hardly vary, only sets and maps do, so a packet costs the same however
/// many containers there are. What each rule is for stands in docs/adr/0006.
/// </summary>
/// <param name="table">The instance's name.</param>
internal sealed class NftablesRuleset(string table)
{
    private const string Loopback6 = "LOOPBACK6";
    private const string Untracked = "UNTRACKED";
    private const string Apart = "APART";
    private const string Ingress = "INGRESS";

    private readonly IngressRules _ingress = new(table);

    // Packets of known connections come first: each look-up of an interface's name, 16 bytes, is one that every packet would pay for.
    private const string Chains = """
          chain guard {
            type filter hook prerouting priority -300; policy accept;
            ip daddr 127.0.0.0/8 iifname @bridges drop
            ip saddr 127.0.0.0/8 iifname @bridges drop
            UNTRACKED
          }
          chain prerouting {
            type nat hook prerouting priority -100; policy accept;
            ip daddr 127.0.0.0/8 return
            fib daddr type local jump published
          }
          chain output {
            type nat hook output priority -100; policy accept;
            LOOPBACK6
            fib daddr type local jump published
          }
          chain published {
            meta nfproto ipv6 goto published6
            dnat ip to ip daddr . meta l4proto . th dport map @ports_at
            dnat ip to meta l4proto . th dport map @ports
            INGRESS
          }
          chain published6 {
            dnat ip6 to ip6 daddr . meta l4proto . th dport map @ports6_at
            dnat ip6 to meta l4proto . th dport map @ports6
          }
          chain postrouting {
            type nat hook postrouting priority 100; policy accept;
            ip saddr 127.0.0.0/8 oifname @bridges masquerade
            ip6 saddr ::1 oifname @bridges masquerade
            oifname vmap @homes
            ip saddr @subnets masquerade
            ip6 saddr @subnets6 masquerade
          }
          chain forward {
            type filter hook forward priority 0; policy accept;
            APART
            ct state established,related accept
            oifname @bridges jump inward
            iifname @bridges accept
          }
          chain apart {
            iifname . oifname @inside accept
            drop
          }
          chain inward {
            ct status dnat accept
            iifname . oifname @inside accept
            iifname @bridges drop
            ip daddr @unguarded accept
            ip6 daddr @unguarded6 accept
            ip daddr . meta l4proto . th dport @open accept
            ip6 daddr . meta l4proto . th dport @open6 accept
            drop
          }
        }

        """;

    private static readonly (string Name, string Type)[] s_ports =
    [
        ("ports", "map ports { type inet_proto . inet_service : ipv4_addr . inet_service;"),
        ("ports_at", "map ports_at { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service;"),
        ("ports6", "map ports6 { type inet_proto . inet_service : ipv6_addr . inet_service;"),
        ("ports6_at", "map ports6_at { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service;"),
        ("open", "set open { type ipv4_addr . inet_proto . inet_service;"),
        ("open6", "set open6 { type ipv6_addr . inet_proto . inet_service;"),
    ];

    /// <summary>Commands that replace the table and all in it.</summary>
    /// <param name="plan">What the table is to do.</param>
    /// <param name="balanced">Ports whose connections are spread over nodes.</param>
    /// <param name="answersAtLoopback6">
    /// False where answers could not come back to ::1: clients are refused at once then, rather than left waiting.
    /// </param>
    public string Whole(FirewallPlan plan, IReadOnlyCollection<BalancedPort> balanced, bool answersAtLoopback6)
    {
        // Deleting a table that is not there is an error; adding one that is there is none.
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"add table inet {table}\ndelete table inet {table}\ntable inet {table} {{\n");
        Append(text, "set bridges { type ifname;", plan.Networks.Select(Link));
        Append(
            text,
            "set inside { type ifname . ifname;",
            plan.Networks.Where(network => !network.IsolatesContainers).Select(network => $"{Link(network)} . {Link(network)}"));
        Append(text, "set closed { type ifname;", plan.Networks.Where(network => network.IsInternal).Select(Link));
        Append(text, "set isolated { type ifname;", plan.Networks.Where(network => network.Ipv4 is { IsIsolated: true }).Select(Link));
        Append(text, "set isolated6 { type ifname;", plan.Networks.Where(network => network.Ipv6 is { IsIsolated: true }).Select(Link));
        AppendSubnets(text, "subnets", [.. plan.Networks], subnet => subnet.IsHidden);
        AppendSubnets(text, "unguarded", [.. plan.Networks], subnet => subnet.IsOpen);
        Append(text, "map homes { type ifname : verdict;", plan.Networks.Select(network => $"{Link(network)} : jump {Home(network)}"));
        var ports = plan.Ports.ToLookup(PlaceOf);
        foreach (var (name, type) in s_ports)
        {
            Append(text, type, ports[name].Select(Element));
        }

        foreach (var network in plan.Networks)
        {
            AppendHome(text, network);
        }

        _ingress.Append(text, balanced);
        OverlayRules.Append(text, [.. plan.Networks.Select(network => network.Overlay).OfType<FirewallOverlay>()]);

        return text.Append(WriteChains(plan, answersAtLoopback6)).ToString();
    }

    /// <summary>Commands that publish ports.</summary>
    public string Add(IReadOnlyCollection<PublishedPort> ports) => Change("add", ports, Element);

    /// <summary>Commands that end their publication.</summary>
    public string Delete(IReadOnlyCollection<PublishedPort> ports) => Change("delete", ports, Key);

    /// <summary>Commands that turn balanced ports into others; empty when they are the same.</summary>
    public string Balance(IReadOnlyCollection<BalancedPort> before, IReadOnlyCollection<BalancedPort> after) =>
        _ingress.Change(before, after);

    /// <summary>A command that succeeds while the table is there.</summary>
    public string Probe() => $"list chain inet {table} guard\n";

    /// <summary>Commands that remove the table.</summary>
    public string Nothing() => $"add table inet {table}\ndelete table inet {table}\n";

    /// <summary>
    /// What concerns internal and isolated networks alone is there when such a network is: it must come before all else, and would be a
    /// look-up for every packet.
    /// </summary>
    private static string WriteChains(FirewallPlan plan, bool answersAtLoopback6)
    {
        var untracked = new List<string>();
        AddIf(plan.Networks.Any(network => network.Ipv4 is { IsIsolated: true }), "meta nfproto ipv4 iifname @isolated notrack");
        AddIf(plan.Networks.Any(network => network.Ipv6 is { IsIsolated: true }), "meta nfproto ipv6 iifname @isolated6 notrack");
        var apart = plan.Networks.Any(network => network.IsInternal) ? "iifname @closed jump apart\n    oifname @closed jump apart" : "";
        return Chains
            .Replace(Untracked, string.Join("\n    ", untracked), StringComparison.Ordinal)
            .Replace(Ingress, IngressRules.Rule, StringComparison.Ordinal)
            .Replace(Apart, apart, StringComparison.Ordinal)
            .Replace(Loopback6, answersAtLoopback6 ? "" : "ip6 daddr ::1 return", StringComparison.Ordinal);

        void AddIf(bool isNeeded, string rule)
        {
            if (isNeeded)
            {
                untracked.Add(rule);
            }
        }
    }

    private string Change(string verb, IReadOnlyCollection<PublishedPort> ports, Func<PublishedPort, string> write)
    {
        var text = new StringBuilder();
        foreach (var group in ports.GroupBy(PlaceOf))
        {
            var elements = string.Join(", ", group.Select(write));
            text.Append(CultureInfo.InvariantCulture, $"{verb} element inet {table} {group.Key} {{ {elements} }}\n");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string head, IEnumerable<string> elements)
    {
        var list = string.Join(", ", elements);
        text.Append("  ").Append(head);
        if (list.Length > 0)
        {
            text.Append(" elements = { ").Append(list).Append(" }");
        }

        text.Append(" }\n");
    }

    private static void AppendSubnets(StringBuilder text, string name, FirewallNetwork[] networks, Func<FirewallSubnet, bool> choice)
    {
        var v4 = networks.Select(network => network.Ipv4).OfType<FirewallSubnet>().Where(choice);
        var v6 = networks.Select(network => network.Ipv6).OfType<FirewallSubnet>().Where(choice);
        Append(text, $"set {name} {{ type ipv4_addr; flags interval;", v4.Select(subnet => $"{subnet.Subnet}"));
        Append(text, $"set {name}6 {{ type ipv6_addr; flags interval;", v6.Select(subnet => $"{subnet.Subnet}"));
    }

    /// <summary>
    /// What stays on a bridge keeps its source, but for a translated packet, whose answer must come back this way. A chain for each
    /// network, found by a map: one set of pairs of subnet and link would need nftables 1.0.3.
    /// </summary>
    private static void AppendHome(StringBuilder text, FirewallNetwork network)
    {
        text.Append(CultureInfo.InvariantCulture, $"  chain {Home(network)} {{\n");
        if (network.Overlay is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {IngressRules.Source}\n");
        }

        foreach (var (family, subnet) in new[] { ("ip", network.Ipv4), ("ip6", network.Ipv6) })
        {
            if (subnet is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"    {family} saddr {subnet.Subnet} ct status dnat masquerade\n");
                text.Append(CultureInfo.InvariantCulture, $"    {family} saddr {subnet.Subnet} accept\n");
            }
        }

        text.Append("  }\n");
    }

    private static string Home(FirewallNetwork network) => "home_" + network.InterfaceName;

    private static string Link(FirewallNetwork network) => $"\"{network.InterfaceName}\"";

    private static string PlaceOf(PublishedPort port)
    {
        var family = port.IsIpv6 ? "6" : "";
        return port.IsRouted ? "open" + family : IsForAll(port) ? "ports" + family : "ports" + family + "_at";
    }

    private static bool IsForAll(PublishedPort port) =>
        port.HostAddress.Equals(System.Net.IPAddress.Any) || port.HostAddress.Equals(System.Net.IPAddress.IPv6Any);

    private static string Element(PublishedPort port)
    {
        return port.IsRouted
            ? Key(port)
            : string.Create(CultureInfo.InvariantCulture, $"{Key(port)} : {port.ContainerAddress} . {port.ContainerPort}");
    }

    private static string Key(PublishedPort port)
    {
        // Numbers rather than names, which nftables would look up in /etc/protocols.
        var protocol = port.Protocol switch
        {
            PortProtocol.Udp => 17,
            PortProtocol.Sctp => 132,
            _ => 6,
        };
        if (port.IsRouted)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{port.ContainerAddress} . {protocol} . {port.ContainerPort}");
        }

        return IsForAll(port)
            ? string.Create(CultureInfo.InvariantCulture, $"{protocol} . {port.HostPort}")
            : string.Create(CultureInfo.InvariantCulture, $"{port.HostAddress} . {protocol} . {port.HostPort}");
    }
}
