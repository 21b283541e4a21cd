using System.Text.Json.Serialization;
using Portal.Engine.Stats;

namespace Portal.Engine.Api.Containers.Stats;

/// <summary>Shares of time in percent, and their sum in microseconds.</summary>
internal sealed record PressureShareModel
{
    [JsonPropertyName("avg10")]
    public double Average10 { get; init; }

    [JsonPropertyName("avg60")]
    public double Average60 { get; init; }

    [JsonPropertyName("avg300")]
    public double Average300 { get; init; }

    [JsonPropertyName("total")]
    public long Total { get; init; }

    public static PressureShareModel From(PressureShare share) => new()
    {
        Average10 = share.Average10,
        Average60 = share.Average60,
        Average300 = share.Average300,
        Total = share.TotalMicroseconds,
    };
}
