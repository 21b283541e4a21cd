using System.Diagnostics;
using System.Globalization;

namespace Portal.Contracts.Metrics;

/// <summary>The figures of a process that all programs expose under the same names.</summary>
public static class ProcessMetrics
{
    /// <summary>Writes those of this process.</summary>
    public static void Write(IMetricWriter writer)
    {
        using var process = Process.GetCurrentProcess();
        writer.Family("process_cpu_seconds_total", MetricType.Counter, "Processor time of this process, in user space and kernel.");
        writer.Sample(process.TotalProcessorTime.TotalSeconds);
        writer.Family("process_resident_memory_bytes", MetricType.Gauge, "Memory of this process that is in RAM.");
        writer.Sample(process.WorkingSet64);
        writer.Family("process_start_time_seconds", MetricType.Gauge, "When this process was started, in seconds since 1970.");
        writer.Sample(new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        writer.Family("process_open_fds", MetricType.Gauge, "File descriptors that this process has open.");
        writer.Sample(Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
        writer.Family("process_num_threads", MetricType.Gauge, "Threads of this process.");
        writer.Sample(process.Threads.Count);
        writer.Family("dotnet_total_memory_bytes", MetricType.Gauge, "Memory that the garbage collector has allocated.");
        writer.Sample(GC.GetTotalMemory(forceFullCollection: false));
        writer.Family("dotnet_collection_count_total", MetricType.Counter, "Garbage collections, by generation.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            writer.Sample(
                GC.CollectionCount(generation), ("generation", generation.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
