using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Containers.Stats;

/// <summary>What an interface carried.</summary>
internal sealed record InterfaceModel
{
    [JsonPropertyName("rx_bytes")]
    public long ReceivedBytes { get; init; }

    [JsonPropertyName("rx_packets")]
    public long ReceivedPackets { get; init; }

    [JsonPropertyName("rx_errors")]
    public long ReceiveErrors { get; init; }

    [JsonPropertyName("rx_dropped")]
    public long ReceiveDropped { get; init; }

    [JsonPropertyName("tx_bytes")]
    public long SentBytes { get; init; }

    [JsonPropertyName("tx_packets")]
    public long SentPackets { get; init; }

    [JsonPropertyName("tx_errors")]
    public long SendErrors { get; init; }

    [JsonPropertyName("tx_dropped")]
    public long SendDropped { get; init; }
}
