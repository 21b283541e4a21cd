using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Containers.Models;

/// <summary>The addresses that a container asks for on a network.</summary>
internal sealed record EndpointIpamModel
{
    [JsonPropertyName("IPv4Address")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ipv4Address { get; set; }

    [JsonPropertyName("IPv6Address")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ipv6Address { get; set; }

    [JsonPropertyName("LinkLocalIPs")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<string>? LinkLocalAddresses { get; set; }
}
