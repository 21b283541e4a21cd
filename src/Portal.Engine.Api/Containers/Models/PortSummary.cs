using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Containers.Models;

/// <summary>A port in a list of containers.</summary>
internal sealed record PortSummary
{
    [JsonPropertyName("IP")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Address { get; init; }

    public required int PrivatePort { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int PublicPort { get; init; }

    public required string Type { get; init; }
}
