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

    /// <summary>True for the three that are always there.</summary>
    public bool IsPredefined => Name is "bridge" or "host" or "none";
}
