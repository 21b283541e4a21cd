namespace Portal.Engine.Networks;

/// <summary>What a user-defined network shall be.</summary>
public sealed record NetworkRequest
{
    /// <summary>Its name, up to 128 of <c>[a-zA-Z0-9_.-]</c>, the first a letter or digit.</summary>
    public required string Name { get; init; }

    /// <summary>Only <c>bridge</c> exists; empty means the same.</summary>
    public string Driver { get; init; } = "bridge";

    /// <summary>IPv4 subnet in CIDR form, /16 to /29; empty to have one chosen that the host does not use.</summary>
    public string Subnet { get; init; } = "";

    /// <summary>The host's address in it; empty for the first one. Only with a subnet.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>The part of the subnet that addresses are given from, in CIDR form; empty for all of it. Only with a subnet.</summary>
    public string IpRange { get; init; } = "";

    /// <summary>Containers on it reach nothing outside of it, and nothing but the host reaches them.</summary>
    public bool IsInternal { get; init; }

    /// <summary>A note for swarms, which changes nothing here.</summary>
    public bool IsAttachable { get; init; }

    /// <summary>Options of the bridge driver, such as <c>com.docker.network.driver.mtu</c>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Free notes.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
