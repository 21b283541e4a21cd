using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Containers.Models.Host;

/// <summary>Docker's <c>DeviceRequest</c>.</summary>
internal sealed record DeviceRequestModel
{
    public string Driver { get; set; } = "";

    public int Count { get; set; }

    [JsonPropertyName("DeviceIDs")]
    public List<string>? DeviceIds { get; set; }

    public List<List<string>>? Capabilities { get; set; }

    public Dictionary<string, string>? Options { get; set; }
}
