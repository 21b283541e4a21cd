using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Containers.Models;

/// <summary>Docker's <c>EndpointSettings</c>.</summary>
internal sealed record EndpointModel
{
    [JsonPropertyName("IPAMConfig")]
    public EndpointIpamModel? IpamConfig { get; set; }

    public List<string>? Links { get; set; }

    public List<string>? Aliases { get; set; }

    public string MacAddress { get; set; } = "";

    public Dictionary<string, string>? DriverOpts { get; set; }

    public int GwPriority { get; set; }

    public string NetworkID { get; set; } = "";

    public string EndpointID { get; set; } = "";

    public string Gateway { get; set; } = "";

    public string IPAddress { get; set; } = "";

    public int IPPrefixLen { get; set; }

    public string IPv6Gateway { get; set; } = "";

    public string GlobalIPv6Address { get; set; } = "";

    public int GlobalIPv6PrefixLen { get; set; }

    [JsonPropertyName("DNSNames")]
    public List<string>? DnsNames { get; set; }
}
