using Portal.Engine.Networks.Addresses;

namespace Portal.Engine.Networks.Drivers;

/// <summary>One network as the firewall sees it.</summary>
/// <param name="InterfaceName">Its link on the host.</param>
/// <param name="Subnet">Its addresses.</param>
public sealed record FirewallNetwork(string InterfaceName, Ipv4Subnet Subnet)
{
    /// <summary>True when nothing is forwarded to or from it.</summary>
    public bool IsInternal { get; init; }

    /// <summary>True when its containers must not reach each other.</summary>
    public bool IsolatesContainers { get; init; }

    /// <summary>True when packets leave the host with the containers' own addresses.</summary>
    public bool KeepsSource { get; init; }
}
