using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Containers.Stats;

/// <summary>A container's processor time in nanoseconds.</summary>
internal sealed record CpuUsageModel
{
    [JsonPropertyName("total_usage")]
    public long Total { get; init; }

    [JsonPropertyName("percpu_usage")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<long>? PerCpu { get; init; }

    [JsonPropertyName("usage_in_kernelmode")]
    public long Kernel { get; init; }

    [JsonPropertyName("usage_in_usermode")]
    public long User { get; init; }
}
