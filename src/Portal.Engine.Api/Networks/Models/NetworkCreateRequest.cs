using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Networks.Models;

/// <summary>The body of <c>POST /networks/create</c>.</summary>
internal sealed record NetworkCreateRequest
{
    public string Name { get; set; } = "";

    public string Driver { get; set; } = "";

    public string Scope { get; set; } = "";

    public bool Internal { get; set; }

    public bool Attachable { get; set; }

    public bool Ingress { get; set; }

    public bool ConfigOnly { get; set; }

    public ConfigFromModel? ConfigFrom { get; set; }

    [JsonPropertyName("IPAM")]
    public IpamModel? Ipam { get; set; }

    public bool? EnableIPv4 { get; set; }

    public bool? EnableIPv6 { get; set; }

    public Dictionary<string, string>? Options { get; set; }

    public Dictionary<string, string>? Labels { get; set; }
}
