using Portal.Engine.Networks.Addresses;

namespace Portal.Engine.Networks.Drivers;

/// <summary>The addresses of a bridge in one family, and how they are seen from outside.</summary>
/// <param name="Subnet">The addresses.</param>
public sealed record FirewallSubnet(IpSubnet Subnet)
{
    /// <summary>True when packets leave the host with the host's address.</summary>
    public bool IsHidden { get; init; }

    /// <summary>True when whoever routes here reaches every port.</summary>
    public bool IsOpen { get; init; }

    /// <summary>True when not even the host has an address in it, so that its packets never leave the bridge.</summary>
    public bool IsIsolated { get; init; }
}
