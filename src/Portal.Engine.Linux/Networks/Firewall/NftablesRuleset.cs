using System.Globalization;
using System.Net;
using System.Text;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Linux.Networks.Firewall;

/// <summary>
/// Writes the rules of one instance in nft(8)'s language. The chains are the same for every instance; only sets and maps vary, so a
/// packet costs the same however many containers there are. What each rule is for stands in docs/adr/0006.
/// </summary>
/// <param name="table">The instance's name.</param>
internal sealed class NftablesRuleset(string table)
{
    private const string Chains = """
          chain guard {
            type filter hook prerouting priority -300; policy accept;
            iifname @bridges ip daddr 127.0.0.0/8 drop
            iifname @bridges ip saddr 127.0.0.0/8 drop
          }
          chain prerouting {
            type nat hook prerouting priority -100; policy accept;
            ip daddr 127.0.0.0/8 return
            fib daddr type local jump published
          }
          chain output {
            type nat hook output priority -100; policy accept;
            fib daddr type local jump published
          }
          chain published {
            dnat ip to ip daddr . meta l4proto . th dport map @ports_at
            dnat ip to meta l4proto . th dport map @ports
          }
          chain postrouting {
            type nat hook postrouting priority 100; policy accept;
            ip saddr 127.0.0.0/8 oifname @bridges masquerade
            oifname vmap @homes
            ip saddr @subnets masquerade
          }
          chain forward {
            type filter hook forward priority 0; policy accept;
            iifname @closed jump apart
            oifname @closed jump apart
            oifname @bridges jump inward
            iifname @bridges accept
          }
          chain apart {
            iifname . oifname @inside accept
            drop
          }
          chain inward {
            ct state established,related accept
            ct status dnat accept
            iifname . oifname @inside accept
            drop
          }
        }

        """;

    /// <summary>Commands that replace the table and all in it.</summary>
    public string Whole(FirewallPlan plan)
    {
        // Deleting a table that is not there is an error; adding one that is there is none.
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"add table inet {table}\ndelete table inet {table}\ntable inet {table} {{\n");
        Append(text, "set bridges { type ifname;", plan.Networks.Select(Link));
        Append(text, "set inside { type ifname . ifname;", plan.Networks.Where(network => !network.IsolatesContainers).Select(network => $"{Link(network)} . {Link(network)}"));
        Append(text, "set closed { type ifname;", plan.Networks.Where(network => network.IsInternal).Select(Link));
        Append(text, "set subnets { type ipv4_addr; flags interval;", plan.Networks.Where(IsHidden).Select(network => $"{network.Subnet}"));
        Append(text, "map homes { type ifname : verdict;", plan.Networks.Select(network => $"{Link(network)} : jump {Home(network)}"));
        Append(
            text,
            "map ports { type inet_proto . inet_service : ipv4_addr . inet_service;",
            plan.Ports.Where(IsForAll).Select(Element));
        Append(
            text,
            "map ports_at { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service;",
            plan.Ports.Where(port => !IsForAll(port)).Select(Element));
        foreach (var network in plan.Networks)
        {
            AppendHome(text, network);
        }

        return text.Append(Chains).ToString();
    }

    /// <summary>Commands that publish ports.</summary>
    public string Add(IReadOnlyCollection<PublishedPort> ports) => Change("add", ports, Element);

    /// <summary>Commands that end their publication.</summary>
    public string Delete(IReadOnlyCollection<PublishedPort> ports) => Change("delete", ports, Key);

    /// <summary>A command that succeeds while the table is there.</summary>
    public string Probe() => $"list chain inet {table} guard\n";

    /// <summary>Commands that remove the table.</summary>
    public string Nothing() => $"add table inet {table}\ndelete table inet {table}\n";

    private string Change(string verb, IReadOnlyCollection<PublishedPort> ports, Func<PublishedPort, string> write)
    {
        var text = new StringBuilder();
        foreach (var group in ports.GroupBy(IsForAll))
        {
            var map = group.Key ? "ports" : "ports_at";
            var elements = string.Join(", ", group.Select(write));
            text.Append(CultureInfo.InvariantCulture, $"{verb} element inet {table} {map} {{ {elements} }}\n");
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

    /// <summary>
    /// What stays on a bridge keeps its source, but for a translated packet, whose answer must come back this way. A chain for each
    /// network, found by a map: one set of pairs of subnet and link would need nftables 1.0.3.
    /// </summary>
    private static void AppendHome(StringBuilder text, FirewallNetwork network)
    {
        text.Append(CultureInfo.InvariantCulture, $"  chain {Home(network)} {{\n");
        text.Append(CultureInfo.InvariantCulture, $"    ip saddr {network.Subnet} ct status dnat masquerade\n");
        text.Append(CultureInfo.InvariantCulture, $"    ip saddr {network.Subnet} accept\n  }}\n");
    }

    private static bool IsHidden(FirewallNetwork network) => !network.IsInternal && !network.KeepsSource;

    private static string Home(FirewallNetwork network) => "home_" + network.InterfaceName;

    private static string Link(FirewallNetwork network) => $"\"{network.InterfaceName}\"";

    private static bool IsForAll(PublishedPort port) => port.HostAddress.Equals(IPAddress.Any);

    private static string Element(PublishedPort port)
    {
        return string.Create(CultureInfo.InvariantCulture, $"{Key(port)} : {port.ContainerAddress} . {port.ContainerPort}");
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
        return IsForAll(port)
            ? string.Create(CultureInfo.InvariantCulture, $"{protocol} . {port.HostPort}")
            : string.Create(CultureInfo.InvariantCulture, $"{port.HostAddress} . {protocol} . {port.HostPort}");
    }
}
