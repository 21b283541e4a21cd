namespace Portal.Engine.Networks;

/// <summary>An address range of a network.</summary>
public sealed record NetworkSubnet
{
    /// <summary>CIDR form, IPv4 or IPv6; empty in a request to have one chosen, IPv4.</summary>
    public string Subnet { get; init; } = "";

    /// <summary>The host's address in it; in a request empty for the first one. Only with a subnet.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>The part of the subnet that addresses are given from, in CIDR form; empty for all of it. Only with a subnet.</summary>
    public string IpRange { get; init; } = "";

    /// <summary>Addresses that are never given, by a name that is free.</summary>
    public IReadOnlyDictionary<string, string> AuxiliaryAddresses { get; init; } = new Dictionary<string, string>();
}
