namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>A base chain of another program that drops what containers ask the host's name server.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Bridges">Bridges whose containers get no answers.</param>
internal sealed record QueryObstacle(FilterChain Chain, IReadOnlyList<string> Bridges)
{
    private const int MostNamed = 4;

    /// <summary>What is dropped, by whom, and what lets it through.</summary>
    /// <param name="instance">The instance, with whose name its bridges begin.</param>
    /// <param name="chains">All chains that were read.</param>
    public string Describe(string instance, IReadOnlyList<FilterChain> chains)
    {
        var owner = FilterOwner.Of(Chain, chains);
        var named = string.Join(", ", Bridges.Take(MostNamed)) + (Bridges.Count > MostNamed ? ", ..." : "");
        return $"{owner.Program} drops what containers ask the host's name server, port 53 ({named}), so they find no names: "
            + $"{Chain.Description}. Let it through: {Help(instance, owner.Kind)}";
    }

    private string Help(string instance, FilterOwnerKind owner) => owner switch
    {
        FilterOwnerKind.Firewalld =>
            $"firewall-cmd --permanent --zone=trusted {string.Join(' ', Bridges.Select(bridge => "--add-interface=" + bridge))} "
                + "&& firewall-cmd --reload",
        FilterOwnerKind.Ufw => string.Join(" && ", Bridges.Select(bridge => $"ufw allow in on {bridge} to any port 53")),
        FilterOwnerKind.Iptables => string.Join(" && ", new[] { "udp", "tcp" }.Select(
            protocol => $"{Chain.Iptables} -I INPUT -i {instance}+ -p {protocol} --dport 53 -j ACCEPT")),
        _ => $"have that chain accept port 53, UDP and TCP, from interfaces {instance}b*",
    };
}
