using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Images.Models;

/// <summary>Bytes done and to do; absent where there is nothing to count.</summary>
internal sealed record ProgressDetailModel
{
    [JsonPropertyName("current")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Current { get; init; }

    [JsonPropertyName("total")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Total { get; init; }
}
