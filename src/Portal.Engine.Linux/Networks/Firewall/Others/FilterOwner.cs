namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>Whose a table is, as its chains tell.</summary>
/// <param name="Program">For people.</param>
/// <param name="Kind">Which commands change it.</param>
internal sealed record FilterOwner(string Program, FilterOwnerKind Kind)
{
    public static FilterOwner Of(FilterChain chain, IReadOnlyList<FilterChain> all)
    {
        var names = all.Where(other => other.Scope == chain.Scope).Select(other => other.Name).ToHashSet();
        return chain.Table == "firewalld" ? new FilterOwner("firewalld", FilterOwnerKind.Firewalld)
            : names.Contains("DOCKER-USER") && chain.IsForward ? new FilterOwner("Docker", FilterOwnerKind.Docker)
            : names.Contains("ufw-user-forward") || names.Contains("ufw6-user-forward") ? new FilterOwner("ufw", FilterOwnerKind.Ufw)
            : chain is { Table: "filter", Name: "FORWARD" or "INPUT" } ? new FilterOwner(chain.Iptables, FilterOwnerKind.Iptables)
            : new FilterOwner("Another packet filter", FilterOwnerKind.Other);
    }
}
