using Portal.Engine.Networks.Overlay;

namespace Portal.Engine.Networks;

/// <summary>One row of a list of networks.</summary>
/// <param name="Id">64 hexadecimal digits.</param>
/// <param name="Name">Unique within the instance.</param>
/// <param name="Driver"><c>bridge</c>, <c>host</c>, <c>null</c>, ...</param>
/// <param name="Subnet">IPv4 subnet in CIDR form; empty when it has none.</param>
/// <param name="Gateway">IPv4 gateway; empty when it has none.</param>
/// <param name="InterfaceName">The bridge's name on the host; empty when it has none.</param>
/// <param name="Created">When it was made.</param>
public sealed record NetworkSummary(
    string Id,
    string Name,
    string Driver,
    string Subnet,
    string Gateway,
    string InterfaceName,
    DateTimeOffset Created)
{
    /// <summary>Its address ranges, at most one of each family, IPv4 first.</summary>
    public IReadOnlyList<NetworkSubnet> Subnets { get; init; } =
        Subnet.Length == 0 ? [] : [new NetworkSubnet { Subnet = Subnet, Gateway = Gateway }];

    /// <summary>True when containers get IPv4 addresses.</summary>
    public bool HasIpv4 { get; init; } = true;

    /// <summary>True when containers get IPv6 addresses.</summary>
    public bool HasIpv6 { get; init; }

    /// <summary>True for a network that only holds settings for others.</summary>
    public bool IsConfigOnly { get; init; }

    /// <summary>The config-only network that its settings came from; empty for none.</summary>
    public string ConfigFrom { get; init; } = "";

    /// <summary>Containers on it reach nothing outside of it.</summary>
    public bool IsInternal { get; init; }

    /// <summary>This node's place in a network that spans nodes; null for all others.</summary>
    public OverlayPlace? Overlay { get; init; }

    /// <summary>IPv4 addresses of its other nodes, of one that spans nodes.</summary>
    public IReadOnlyList<string> Peers { get; init; } = [];

    /// <summary>A note for swarms.</summary>
    public bool IsAttachable { get; init; }

    /// <summary>The driver's options as given.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Free notes.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>True for <c>bridge</c>, <c>host</c> and <c>none</c>, which are always there.</summary>
    public bool IsPredefined => Name is "bridge" or "host" or "none";
}
