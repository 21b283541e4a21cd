namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>A base chain of another program that drops forwarded packets of ours.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Outgoing">Bridges whose containers don't get out.</param>
/// <param name="Incoming">Bridges whose containers' published ports are not reached.</param>
/// <param name="Way">The interface of the default route; empty when there is none.</param>
internal sealed record ForwardingObstacle(
    FilterChain Chain, IReadOnlyList<string> Outgoing, IReadOnlyList<string> Incoming, string Way)
{
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
        var owner = FilterOwner.Of(Chain, chains);
        var bridges = Outgoing.Union(Incoming).ToArray();
        var named = string.Join(", ", bridges.Take(MostNamed)) + (bridges.Length > MostNamed ? ", ..." : "");
        return $"{owner.Program} drops {what} ({named}): {Chain.Description}. Let it through: {Help(instance, owner.Kind)}";
    }

    private string Help(string instance, FilterOwnerKind owner)
    {
        switch (owner)
        {
            case FilterOwnerKind.Firewalld:
                var interfaces = string.Join(' ', Outgoing.Union(Incoming).Select(bridge => "--add-interface=" + bridge));
                return $"firewall-cmd --permanent --zone=trusted {interfaces} && firewall-cmd --reload";
            case FilterOwnerKind.Docker:
                return Iptables("DOCKER-USER", instance);
            case FilterOwnerKind.Ufw:
                var outward = Outgoing.Select(bridge => $"ufw route allow in on {bridge}{(Way.Length > 0 ? " out on " + Way : "")}");
                var inward = Incoming.Select(bridge => $"ufw route allow out on {bridge}");
                return string.Join(" && ", outward.Concat(inward));
            case FilterOwnerKind.Iptables:
                return Iptables("FORWARD", instance);
            default:
                return $"have that chain accept packets from and to interfaces {instance}0 and {instance}b*";
        }
    }

    // Bridges are named after the instance, so that one rule is for those of later networks too. A plus stands for any rest of a name.
    private string Iptables(string chain, string instance)
    {
        var program = Chain.Iptables;
        string[] rules =
        [
            .. Outgoing.Count > 0 ? new[] { $"{program} -I {chain} -i {instance}+{(Way.Length > 0 ? " -o " + Way : "")} -j ACCEPT" } : [],
            .. Incoming.Count > 0 ? new[] { $"{program} -I {chain} -o {instance}+ -j ACCEPT" } : [],
        ];
        return string.Join(" && ", rules);
    }
}
