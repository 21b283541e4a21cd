using System.Text.Json.Serialization;

namespace Portal.Engine.Linux.Runtime.Oci.Limits;

/// <summary><c>linux.resources.blockIO</c>.</summary>
internal sealed record OciBlockIo
{
    public int? Weight { get; init; }

    public IReadOnlyList<OciWeightDevice>? WeightDevice { get; init; }

    public IReadOnlyList<OciThrottleDevice>? ThrottleReadBpsDevice { get; init; }

    public IReadOnlyList<OciThrottleDevice>? ThrottleWriteBpsDevice { get; init; }

    [JsonPropertyName("throttleReadIOPSDevice")]
    public IReadOnlyList<OciThrottleDevice>? ThrottleReadIopsDevice { get; init; }

    [JsonPropertyName("throttleWriteIOPSDevice")]
    public IReadOnlyList<OciThrottleDevice>? ThrottleWriteIopsDevice { get; init; }
}
