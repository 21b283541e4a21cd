using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Containers.Stats;

/// <summary>The answer of <c>GET /containers/{id}/stats</c>.</summary>
internal sealed record StatsModel
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("read")]
    public required string Read { get; init; }

    [JsonPropertyName("preread")]
    public required string PreviousRead { get; init; }

    [JsonPropertyName("num_procs")]
    public int Processes { get; init; }

    [JsonPropertyName("pids_stats")]
    public required PidsModel Pids { get; init; }

    [JsonPropertyName("blkio_stats")]
    public required BlockModel Block { get; init; }

    [JsonPropertyName("storage_stats")]
    public Json.EmptyObject Storage { get; init; } = Json.EmptyObject.Instance;

    [JsonPropertyName("cpu_stats")]
    public required CpuModel Cpu { get; init; }

    [JsonPropertyName("precpu_stats")]
    public required CpuModel PreviousCpu { get; init; }

    [JsonPropertyName("memory_stats")]
    public required MemoryModel Memory { get; init; }

    [JsonPropertyName("pressure_stats")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, PressureModel>? Pressure { get; init; }

    [JsonPropertyName("networks")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, InterfaceModel>? Networks { get; init; }
}
