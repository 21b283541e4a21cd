namespace Portal.Engine.Networks;

/// <summary>One interface of a container on one network.</summary>
public sealed record NetworkEndpoint
{
    /// <summary>The network's id, 64 hexadecimal digits.</summary>
    public required string NetworkId { get; init; }

    /// <summary>The network's name.</summary>
    public required string NetworkName { get; init; }

    /// <summary>The endpoint's id, 64 hexadecimal digits.</summary>
    public required string EndpointId { get; init; }

    /// <summary>The interface's name inside, such as <c>eth0</c>.</summary>
    public string InterfaceName { get; init; } = "eth0";

    /// <summary>The interface's name on the host, for counters; null when there is none.</summary>
    public string? HostInterfaceName { get; init; }

    /// <summary>IPv4 address, dotted; empty when there is none.</summary>
    public string Address { get; init; } = "";

    /// <summary>Bits of the IPv4 prefix, 0 to 32.</summary>
    public int PrefixLength { get; init; }

    /// <summary>IPv4 gateway; empty when there is none.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>True when the container's default route goes this way; published ports come in this way too.</summary>
    public bool HasDefaultRoute { get; init; } = true;

    /// <summary>MAC address, six pairs of hexadecimal digits with colons; empty when there is none.</summary>
    public string MacAddress { get; init; } = "";
}
