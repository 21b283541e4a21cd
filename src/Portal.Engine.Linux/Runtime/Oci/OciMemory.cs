using System.Text.Json.Serialization;

namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary><c>linux.resources.memory</c>, in bytes.</summary>
internal sealed record OciMemory(long? Limit, long? Swap, long? Reservation)
{
    [JsonPropertyName("kernelTCP")]
    public long? KernelTcp { get; init; }

    public ulong? Swappiness { get; init; }

    [JsonPropertyName("disableOOMKiller")]
    public bool? DisableOomKiller { get; init; }
}
