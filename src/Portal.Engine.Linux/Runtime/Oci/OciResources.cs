using System.Text.Json.Serialization;
using Portal.Engine.Linux.Runtime.Oci.Limits;

namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary><c>linux.resources</c>. Runtimes translate it for cgroup version 2.</summary>
internal sealed record OciResources
{
    public IReadOnlyList<OciDeviceRule> Devices { get; init; } = [];

    public OciMemory? Memory { get; init; }

    public OciCpu? Cpu { get; init; }

    [JsonPropertyName("blockIO")]
    public OciBlockIo? BlockIo { get; init; }

    public OciPids? Pids { get; init; }
}
