using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Containers.Models;

/// <summary>The addresses that a container asks for on a network.</summary>
internal sealed record EndpointIpamModel
{
    [JsonPropertyName("IPv4Address")]
    public string Ipv4Address { get; set; } = "";

    [JsonPropertyName("IPv6Address")]
    public string Ipv6Address { get; set; } = "";

    [JsonPropertyName("LinkLocalIPs")]
    public List<string>? LinkLocalAddresses { get; set; }
}
