using System.Globalization;
using System.Net;
using System.Text;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Networks.Ingress;

namespace Portal.Engine.Linux.Networks.Firewall;

/// <summary>
/// Ports whose connections are spread over containers of several nodes. A map leads from a port to a chain of its own, whose one rule
/// takes each next target in turn; connection tracking keeps a connection where it began. Whatever goes to a target gets this node's
/// address on the network for its source, since the answer must come back this way.
/// </summary>
/// <param name="table">The instance's name.</param>
internal sealed class IngressRules(string table)
{
    /// <summary>The name of the map from ports to chains.</summary>
    public const string Map = "ingress";

    /// <summary>Leads to the chain of a port, if there is one.</summary>
    public const string Rule = "meta nfproto ipv4 meta l4proto . th dport vmap @ingress";

    /// <summary>Has answers of other nodes' containers come back here; in the chain of a network that spans nodes.</summary>
    public const string Source = "ct status dnat ip daddr . meta l4proto . th dport @ingress_targets masquerade";

    private HashSet<string> _targets = [];

    /// <summary>Writes chains, map and set into the text of a whole table.</summary>
    public void Append(StringBuilder text, IReadOnlyCollection<BalancedPort> ports)
    {
        foreach (var port in ports)
        {
            text.Append(CultureInfo.InvariantCulture, $"  chain {Chain(port.Port)} {{\n    {Spread(port)}\n  }}\n");
        }

        var ways = string.Join(", ", ports.Select(port => $"{Key(port.Port)} : jump {Chain(port.Port)}"));
        _targets = [.. ports.SelectMany(TargetsOf)];
        var targets = string.Join(", ", _targets);
        text.Append(CultureInfo.InvariantCulture, $"  map {Map} {{ type inet_proto . inet_service : verdict;{Elements(ways)} }}\n");
        text.Append(CultureInfo.InvariantCulture, $"  set ingress_targets {{ type ipv4_addr . inet_proto . inet_service;{Elements(targets)} }}\n");
    }

    /// <summary>Commands that turn some ports into others, in one step; empty when they are the same.</summary>
    public string Change(IReadOnlyCollection<BalancedPort> before, IReadOnlyCollection<BalancedPort> after)
    {
        var text = new StringBuilder();
        var (old, now) = (before.ToDictionary(port => port.Port), after.ToDictionary(port => port.Port));

        // A packet may be between the map and the set just now: what nothing leads to any more stays in the set until the next change.
        var (led, leads) = (before.SelectMany(TargetsOf).ToHashSet(), after.SelectMany(TargetsOf).ToHashSet());
        string[] added = [.. leads.Except(_targets)];
        string[] removed = [.. _targets.Where(target => !led.Contains(target) && !leads.Contains(target))];
        ChangeTargets("add", added);
        foreach (var port in after.Where(port => !port.Equals(old.GetValueOrDefault(port.Port))))
        {
            Line(old.ContainsKey(port.Port) ? $"flush chain inet {table} {Chain(port.Port)}" : $"add chain inet {table} {Chain(port.Port)}");
            Line($"add rule inet {table} {Chain(port.Port)} {Spread(port)}");
            if (!old.ContainsKey(port.Port))
            {
                Line($"add element inet {table} {Map} {{ {Key(port.Port)} : jump {Chain(port.Port)} }}");
            }
        }

        foreach (var gone in old.Keys.Where(port => !now.ContainsKey(port)))
        {
            Line($"delete element inet {table} {Map} {{ {Key(gone)} }}");
            Line($"flush chain inet {table} {Chain(gone)}");
            Line($"delete chain inet {table} {Chain(gone)}");
        }

        ChangeTargets("delete", removed);
        _targets = [.. _targets.Except(removed).Concat(added)];
        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');

        void ChangeTargets(string verb, string[] targets)
        {
            if (targets.Length > 0)
            {
                Line($"{verb} element inet {table} ingress_targets {{ {string.Join(", ", targets)} }}");
            }
        }
    }

    /// <summary>
    /// What tracked flows a change makes wrong: those to a port that was the host's own, and those to targets that nothing leads to any more.
    /// </summary>
    public static (IReadOnlyList<PublishedPort> Published, IReadOnlyList<PublishedPort> Withdrawn) Flows(
        IReadOnlyCollection<BalancedPort> before, IReadOnlyCollection<BalancedPort> after)
    {
        var led = after.SelectMany(Pairs).ToHashSet();
        var known = before.Select(port => port.Port).ToHashSet();
        return (
            [.. after.Where(port => !known.Contains(port.Port)).SelectMany(Pairs)],
            [.. before.SelectMany(Pairs).Where(pair => !led.Contains(pair))]);

        static IEnumerable<PublishedPort> Pairs(BalancedPort port) => port.Targets.Select(target =>
            new PublishedPort(port.Port.Protocol, IPAddress.Any, port.Port.Port, target.Address, target.Port));
    }

    private static string Spread(BalancedPort port)
    {
        // Ports in an anonymous map want the transport named before.
        var targets = port.Targets.Select((target, index) =>
            string.Create(CultureInfo.InvariantCulture, $"{index} : {target.Address} . {target.Port}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"meta l4proto {Number(port.Port)} dnat ip to numgen inc mod {port.Targets.Count} map {{ {string.Join(", ", targets)} }}");
    }

    private static IEnumerable<string> TargetsOf(BalancedPort port) => port.Targets.Select(target =>
        string.Create(CultureInfo.InvariantCulture, $"{target.Address} . {Number(port.Port)} . {target.Port}"));

    private static string Elements(string list) => list.Length > 0 ? $" elements = {{ {list} }}" : "";

    private static string Key(IngressPort port) => string.Create(CultureInfo.InvariantCulture, $"{Number(port)} . {port.Port}");

    private static string Chain(IngressPort port) => string.Create(CultureInfo.InvariantCulture, $"ingress_{Number(port)}_{port.Port}");

    private static int Number(IngressPort port) => port.Protocol switch
    {
        PortProtocol.Udp => 17,
        PortProtocol.Sctp => 132,
        _ => 6,
    };
}
