using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Containers.Stats;

/// <summary>How often and how long a limit of processors held it back; nanoseconds.</summary>
internal sealed record ThrottlingModel
{
    [JsonPropertyName("periods")]
    public long Periods { get; init; }

    [JsonPropertyName("throttled_periods")]
    public long ThrottledPeriods { get; init; }

    [JsonPropertyName("throttled_time")]
    public long ThrottledTime { get; init; }
}
