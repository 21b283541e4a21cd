using Portal.Engine.Networks.Addresses;

namespace Portal.Engine.Networks.Drivers;

/// <summary>One network as the firewall sees it.</summary>
/// <param name="InterfaceName">Its link on the host.</param>
/// <param name="Subnet">Its addresses.</param>
public sealed record FirewallNetwork(string InterfaceName, Ipv4Subnet Subnet);
