using System.Text.Json.Serialization;
using Portal.Engine.Networks.Overlay;

namespace Portal.Engine.Networks.State;

/// <summary>A network as it is written down, in <c>DataRoot/networks/ID.json</c>. Immutable; a change is a new one.</summary>
public sealed record NetworkDefinition
{
    /// <summary>64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Unique within the instance.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the driver that makes it: <c>bridge</c>; <c>host</c> and <c>null</c> need none.</summary>
    public required string Driver { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The bridge's name on the host; empty when the driver makes none.</summary>
    public string InterfaceName { get; init; } = "";

    /// <summary>IPv4 subnet in CIDR form; empty before one was chosen, or when it has none.</summary>
    public string Subnet { get; init; } = "";

    /// <summary>The host's address in it; empty when it has none.</summary>
    public string Gateway { get; init; } = "";

    // Settable where an engine of before wrote none: what a file lacks keeps its default then, which the generated reader takes from init.

    /// <summary>True when containers get IPv4 addresses.</summary>
    public bool HasIpv4 { get; set; } = true;

    /// <summary>True when containers get IPv6 addresses.</summary>
    public bool HasIpv6 { get; init; }

    /// <summary>IPv6 subnet in CIDR form; empty before one was chosen, or when it has none.</summary>
    public string Subnet6 { get; set; } = "";

    /// <summary>The host's address in it; empty when it has none.</summary>
    public string Gateway6 { get; set; } = "";

    /// <summary>The part of the IPv6 subnet that addresses are given from; empty for all of it.</summary>
    public string IpRange6 { get; set; } = "";

    /// <summary>True when the user chose the IPv6 subnet.</summary>
    public bool IsSubnet6Fixed { get; init; }

    /// <summary>Addresses of either family that are kept for others, by a name that is free.</summary>
    public IReadOnlyDictionary<string, string> AuxiliaryAddresses { get; set; } = new Dictionary<string, string>();

    /// <summary>True for one that only holds settings for others.</summary>
    public bool IsConfigOnly { get; init; }

    /// <summary>The config-only network that its settings came from; empty for none.</summary>
    public string ConfigFrom { get; set; } = "";

    /// <summary>The request's address ranges as given, of a config-only network.</summary>
    public IReadOnlyList<NetworkSubnet> ConfiguredSubnets { get; set; } = [];

    /// <summary>Largest packet in bytes, 68 to 65535; 0 to take that of the host's default route.</summary>
    public int Mtu { get; init; }

    /// <summary>The part of the subnet that addresses are given from, in CIDR form; empty for all of it.</summary>
    public string IpRange { get; init; } = "";

    /// <summary>True when the user chose the subnet: then it never changes, and containers may ask for addresses.</summary>
    public bool IsSubnetFixed { get; init; }

    /// <summary>True when nothing is forwarded to or from it.</summary>
    public bool IsInternal { get; init; }

    /// <summary>A note for swarms.</summary>
    public bool IsAttachable { get; init; }

    /// <summary>True when its containers must not reach each other.</summary>
    public bool IsolatesContainers { get; init; }

    /// <summary>True when packets leave the host with the containers' own addresses.</summary>
    public bool KeepsSource { get; init; }

    /// <summary>The driver's options as given.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Free notes.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>This node's place in a network that spans nodes; null for all others.</summary>
    public OverlayPlace? Overlay { get; init; }

    /// <summary>The options in a form to work with.</summary>
    [JsonIgnore]
    public NetworkOptions Settings => NetworkOptions.Parse(Driver, Options);

    /// <summary>True for the three that are always there.</summary>
    public bool IsPredefined => Name is "bridge" or "host" or "none";

    /// <summary>
    /// True when its driver puts a bridge on the host: with the gateway's address there, packet rules, published ports and a name server.
    /// </summary>
    [JsonIgnore]
    public bool HasBridge => Driver is NetworkCatalog.BridgeDriver or NetworkCatalog.OverlayDriver;
}
