using Portal.Engine.Networks.Ingress;

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

    /// <summary>IPv6 address; empty when there is none.</summary>
    public string Address6 { get; init; } = "";

    /// <summary>Bits of the IPv6 prefix, 0 to 128.</summary>
    public int PrefixLength6 { get; init; }

    /// <summary>IPv6 gateway; empty when there is none.</summary>
    public string Gateway6 { get; init; } = "";

    /// <summary>Further addresses of the interface, which nobody gave out: link-local ones.</summary>
    public IReadOnlyList<string> LinkLocalAddresses { get; init; } = [];

    /// <summary>Kernel settings of the interface, by their names below <c>/proc/sys</c>.</summary>
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();

    /// <summary>True when the container's IPv4 default route goes this way; ports of IPv4 addresses come in this way too.</summary>
    public bool HasDefaultRoute { get; init; } = true;

    /// <summary>The same for IPv6.</summary>
    public bool HasDefaultRoute6 { get; init; }

    /// <summary>What it asked for: the way out goes over the network with the highest one.</summary>
    public int GatewayPriority { get; init; }

    /// <summary>Where the container asks for names on this network; empty for nowhere.</summary>
    public string NameServer { get; init; } = "";

    /// <summary>What the container answers behind ports of every node.</summary>
    public IReadOnlyList<IngressTarget> Ingress { get; init; } = [];

    /// <summary>MAC address, six pairs of hexadecimal digits with colons; empty when there is none.</summary>
    public string MacAddress { get; init; } = "";
}
