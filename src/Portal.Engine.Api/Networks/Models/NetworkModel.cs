using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Networks.Models;

/// <summary>A network, in the list and in inspect.</summary>
internal sealed record NetworkModel
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    public required string Created { get; init; }

    public string Scope { get; init; } = "local";

    public required string Driver { get; init; }

    public bool EnableIPv4 { get; init; } = true;

    public bool EnableIPv6 { get; init; }

    public required IpamModel IPAM { get; init; }

    public bool Internal { get; init; }

    public bool Attachable { get; init; }

    public bool Ingress { get; init; }

    public ConfigFromModel ConfigFrom { get; init; } = new();

    public bool ConfigOnly { get; init; }

    public required Dictionary<string, NetworkContainerModel> Containers { get; init; }

    public required Dictionary<string, string> Options { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<PeerModel>? Peers { get; init; }

    public Dictionary<string, string> Labels { get; init; } = [];
}
