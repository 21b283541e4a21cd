namespace Portal.Web.Features.Stats;

/// <summary>One point of a history: averages and peaks over a step. Null is "not measured".</summary>
/// <param name="Time">The beginning of the step.</param>
/// <param name="Cpu">Processors in use.</param>
/// <param name="CpuPeak">The most of them in a part of the step.</param>
/// <param name="CpuLimit">Processors that there are.</param>
/// <param name="Memory">Bytes in use.</param>
/// <param name="MemoryPeak">The most of them.</param>
/// <param name="MemoryLimit">Bytes that there are.</param>
/// <param name="ReceiveRate">Bytes received a second.</param>
/// <param name="TransmitRate">Bytes sent a second.</param>
/// <param name="ReadRate">Bytes read from block devices a second.</param>
/// <param name="WriteRate">Bytes written to block devices a second.</param>
/// <param name="Disk">Bytes used on the engine's file system.</param>
/// <param name="DiskLimit">Its size.</param>
/// <param name="Load1">Load average over a minute.</param>
public sealed record HistoryPoint(
    DateTimeOffset Time,
    double? Cpu,
    double? CpuPeak,
    double? CpuLimit,
    double? Memory,
    double? MemoryPeak,
    double? MemoryLimit,
    double? ReceiveRate,
    double? TransmitRate,
    double? ReadRate,
    double? WriteRate,
    double? Disk,
    double? DiskLimit,
    double? Load1);
