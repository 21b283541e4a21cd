namespace Portal.Engine.Api.Containers.Models;

/// <summary>Docker's <c>NetworkSettings</c>. The flat fields repeat the default network's, for old clients.</summary>
internal sealed record NetworkSettingsModel
{
    public string Bridge { get; init; } = "";

    public string SandboxID { get; init; } = "";

    public string SandboxKey { get; init; } = "";

    public required Dictionary<string, List<PortMapping>?> Ports { get; init; }

    public bool HairpinMode { get; init; }

    public string LinkLocalIPv6Address { get; init; } = "";

    public int LinkLocalIPv6PrefixLen { get; init; }

    public List<string>? SecondaryIPAddresses { get; init; }

    public List<string>? SecondaryIPv6Addresses { get; init; }

    public string EndpointID { get; init; } = "";

    public string Gateway { get; init; } = "";

    public string GlobalIPv6Address { get; init; } = "";

    public int GlobalIPv6PrefixLen { get; init; }

    public string IPAddress { get; init; } = "";

    public int IPPrefixLen { get; init; }

    public string IPv6Gateway { get; init; } = "";

    public string MacAddress { get; init; } = "";

    public required Dictionary<string, EndpointModel> Networks { get; init; }
}
