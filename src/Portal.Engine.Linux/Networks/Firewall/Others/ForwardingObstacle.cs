namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>A base chain of another program that drops forwarded packets of ours.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Outgoing">Bridges whose containers don't get out.</param>
/// <param name="Incoming">Bridges whose containers' published ports are not reached.</param>
/// <param name="Way">The interface of the default route; empty when there is none.</param>
internal sealed record ForwardingObstacle(
    FilterChain Chain, IReadOnlyList<string> Outgoing, IReadOnlyList<string> Incoming, string Way)
{
    private const int Ipv6 = 10;
    private const int MostNamed = 4;

    /// <summary>What is dropped, by whom, and what lets it through.</summary>
    /// <param name="instance">The instance, with whose name its bridges begin.</param>
    /// <param name="chains">All chains that were read.</param>
    public string Describe(string instance, IReadOnlyList<FilterChain> chains)
    {
        var what = (Outgoing.Count > 0, Incoming.Count > 0) switch
        {
            (true, true) => "what containers send out and what comes in at published ports",
            (true, false) => "what containers send out",
            _ => "what comes in at published ports",
        };
        var own = chains.Where(chain => chain.Family == Chain.Family && chain.Table == Chain.Table).Select(chain => chain.Name).ToHashSet();
        var (program, help) = Help(instance, own);
        var bridges = Outgoing.Union(Incoming).ToArray();
        var named = string.Join(", ", bridges.Take(MostNamed)) + (bridges.Length > MostNamed ? ", ..." : "");
        return $"{program} drops {what} ({named}): chain {Chain.Name} of nftables table {FamilyName} {Chain.Table}. Let it through: {help}";
    }

    private string FamilyName => Chain.Family switch { 1 => "inet", Ipv6 => "ip6", _ => "ip" };

    private (string Program, string Help) Help(string instance, HashSet<string> chains)
    {
        var out6 = Chain.Family == Ipv6 ? "ip6tables" : "iptables";
        if (Chain.Table == "firewalld")
        {
            var interfaces = string.Join(' ', Outgoing.Union(Incoming).Select(bridge => "--add-interface=" + bridge));
            return ("firewalld", $"firewall-cmd --permanent --zone=trusted {interfaces} && firewall-cmd --reload");
        }

        if (chains.Contains("DOCKER-USER"))
        {
            return ("Docker", Iptables(out6, "DOCKER-USER", instance));
        }

        if (chains.Contains("ufw-user-forward") || chains.Contains("ufw6-user-forward"))
        {
            var outward = Outgoing.Select(bridge => $"ufw route allow in on {bridge}{(Way.Length > 0 ? " out on " + Way : "")}");
            var inward = Incoming.Select(bridge => $"ufw route allow out on {bridge}");
            return ("ufw", string.Join(" && ", outward.Concat(inward)));
        }

        return Chain is { Table: "filter", Name: "FORWARD" }
            ? ("iptables", Iptables(out6, "FORWARD", instance))
            : ("Another packet filter", $"have that chain accept packets from and to interfaces {instance}0 and {instance}b*");
    }

    // Bridges are named after the instance, so that one rule is for those of later networks too. A plus stands for any rest of a name.
    private string Iptables(string program, string chain, string instance)
    {
        string[] rules =
        [
            .. Outgoing.Count > 0 ? new[] { $"{program} -I {chain} -i {instance}+{(Way.Length > 0 ? " -o " + Way : "")} -j ACCEPT" } : [],
            .. Incoming.Count > 0 ? new[] { $"{program} -I {chain} -o {instance}+ -j ACCEPT" } : [],
        ];
        return string.Join(" && ", rules);
    }
}
