namespace Portal.Web.Features.Stats.Charts;

/// <summary>Which charts a history has, and the rows that they draw.</summary>
internal static class HistoryCharts
{
    public static Chart[] OfContainer { get; } =
    [
        new("cpu", N("Processor"), "percent", 5, [N("of one processor, average"), N("peak")]),
        new("memory", N("Memory"), "bytes", 1024 * 1024, [N("average"), N("peak")]),
        new("network", N("Network"), "rate", 1024, [N("received"), N("sent")]),
        new("block", N("Block devices"), "rate", 1024, [N("read"), N("written")]),
    ];

    public static Chart[] OfNodes { get; } =
    [
        new("cpu", N("Processors"), "percent", 5, [N("of all, average"), N("peak")]),
        new("memory", N("Memory"), "bytes", 1024 * 1024, [N("average"), N("peak")]),
        new("disk", N("Disk of the engine"), "bytes", 1024 * 1024, [N("in use")]),
        new("load", N("Load average"), "number", 1, [N("over one minute")]),
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
