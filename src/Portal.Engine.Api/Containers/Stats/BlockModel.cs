using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Containers.Stats;

/// <summary>Block I/O. What only the old CFQ scheduler counted is empty, as in Docker.</summary>
internal sealed record BlockModel
{
    [JsonPropertyName("io_service_bytes_recursive")]
    public List<BlockEntryModel>? Bytes { get; init; }

    [JsonPropertyName("io_serviced_recursive")]
    public List<BlockEntryModel>? Serviced { get; init; }

    [JsonPropertyName("io_queue_recursive")]
    public List<BlockEntryModel>? Queued { get; init; }

    [JsonPropertyName("io_service_time_recursive")]
    public List<BlockEntryModel>? ServiceTime { get; init; }

    [JsonPropertyName("io_wait_time_recursive")]
    public List<BlockEntryModel>? WaitTime { get; init; }

    [JsonPropertyName("io_merged_recursive")]
    public List<BlockEntryModel>? Merged { get; init; }

    [JsonPropertyName("io_time_recursive")]
    public List<BlockEntryModel>? Time { get; init; }

    [JsonPropertyName("sectors_recursive")]
    public List<BlockEntryModel>? Sectors { get; init; }
}
