namespace Portal.Engine.Networks.Drivers;

/// <summary>One bridge as the firewall sees it.</summary>
/// <param name="InterfaceName">Its link on the host.</param>
public sealed record FirewallNetwork(string InterfaceName)
{
    /// <summary>Its IPv4 addresses; null when it has none.</summary>
    public FirewallSubnet? Ipv4 { get; init; }

    /// <summary>Its IPv6 addresses; null when it has none.</summary>
    public FirewallSubnet? Ipv6 { get; init; }

    /// <summary>True when nothing is forwarded to or from it.</summary>
    public bool IsInternal { get; init; }

    /// <summary>True when its containers ask a name server on the host, at port 53 of its gateway.</summary>
    public bool IsAsked { get; init; }

    /// <summary>Whose packets a network that spans nodes takes; null for all others.</summary>
    public FirewallOverlay? Overlay { get; init; }

    /// <summary>True when its containers must not reach each other.</summary>
    public bool IsolatesContainers { get; init; }
}
