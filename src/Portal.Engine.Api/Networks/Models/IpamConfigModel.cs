using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Networks.Models;

/// <summary>A subnet of a network.</summary>
internal sealed record IpamConfigModel
{
    public string Subnet { get; set; } = "";

    public string Gateway { get; set; } = "";

    [JsonPropertyName("IPRange")]
    public string IpRange { get; set; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, string>? AuxiliaryAddresses { get; set; }
}
