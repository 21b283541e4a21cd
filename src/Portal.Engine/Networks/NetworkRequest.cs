using Portal.Engine.Networks.Overlay;

namespace Portal.Engine.Networks;

/// <summary>What a user-defined network shall be.</summary>
public sealed record NetworkRequest
{
    /// <summary>Its name, up to 128 of <c>[a-zA-Z0-9_.-]</c>, the first a letter or digit.</summary>
    public required string Name { get; init; }

    /// <summary><c>bridge</c>, <c>macvlan</c>, <c>ipvlan</c> or <c>overlay</c>; empty for the first.</summary>
    public string Driver { get; init; } = "bridge";

    /// <summary>Address ranges, at most one of each family; a family that is on and has none gets one that the host does not use.</summary>
    public IReadOnlyList<NetworkSubnet> Subnets { get; init; } = [];

    /// <summary>True when containers get IPv4 addresses.</summary>
    public bool EnableIpv4 { get; init; } = true;

    /// <summary>True when containers get IPv6 addresses; null to tell from the subnets.</summary>
    public bool? EnableIpv6 { get; init; }

    /// <summary>True for a network that only holds settings, which others take by <see cref="ConfigFrom"/>.</summary>
    public bool IsConfigOnly { get; init; }

    /// <summary>Name or id of the config-only network to take subnets, options and labels from; empty for none.</summary>
    public string ConfigFrom { get; init; } = "";

    /// <summary>Containers on it reach nothing outside of it, and nothing but the host reaches them.</summary>
    public bool IsInternal { get; init; }

    /// <summary>A note for swarms, which changes nothing here.</summary>
    public bool IsAttachable { get; init; }

    /// <summary>This node's place in a network that spans nodes, which driver <c>overlay</c> needs and no other has.</summary>
    public OverlayPlace? Overlay { get; init; }

    /// <summary>Options of the bridge driver, such as <c>com.docker.network.driver.mtu</c>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Free notes.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
