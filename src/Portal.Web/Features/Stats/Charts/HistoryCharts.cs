namespace Portal.Web.Features.Stats.Charts;

/// <summary>Which charts a history has, and the rows that they draw.</summary>
internal static class HistoryCharts
{
    public static Chart[] OfContainer { get; } =
    [
        new("cpu", "Processor", "percent", 5, ["of one processor, average", "peak"]),
        new("memory", "Memory", "bytes", 1024 * 1024, ["average", "peak"]),
        new("network", "Network", "rate", 1024, ["received", "sent"]),
        new("block", "Block devices", "rate", 1024, ["read", "written"]),
    ];

    public static Chart[] OfNodes { get; } =
    [
        new("cpu", "Processors", "percent", 5, ["of all, average", "peak"]),
        new("memory", "Memory", "bytes", 1024 * 1024, ["average", "peak"]),
        new("disk", "Disk of the engine", "bytes", 1024 * 1024, ["in use"]),
        new("load", "Load average", "number", 1, ["over one minute"]),
    ];

    public static object[] RowOfContainer(HistoryPoint point) =>
    [
        Seconds(point.Time),
        new[] { point.Cpu * 100, point.CpuPeak * 100 },
        new[] { point.Memory, point.MemoryPeak },
        new[] { point.ReceiveRate, point.TransmitRate },
        new[] { point.ReadRate, point.WriteRate },
    ];

    public static object[] RowOfNodes(HistoryPoint point) =>
    [
        Seconds(point.Time),
        new[] { point.Cpu / point.CpuLimit * 100, point.CpuPeak / point.CpuLimit * 100 },
        new[] { point.Memory, point.MemoryPeak },
        new[] { point.Disk },
        new[] { point.Load1 },
    ];

    public static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
