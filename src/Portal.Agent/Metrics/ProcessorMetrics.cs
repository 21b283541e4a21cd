using System.Globalization;
using Portal.Contracts.Metrics;

namespace Portal.Agent.Metrics;

/// <summary>Processor time of the host by processor and mode, as the node exporter tells it.</summary>
internal static class ProcessorMetrics
{
    // proc_stat(5): hundredths of a second (USER_HZ, which is 100 on every architecture that .NET runs on).
    private const double TicksPerSecond = 100;
    private static readonly string[] s_modes = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"];

    public static void Write(IMetricWriter writer, string path)
    {
        writer.Family("node_cpu_seconds_total", MetricType.Counter, "Seconds that each processor spent in each mode.");
        foreach (var line in File.ReadLines(path))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

            // The first line is the sum of all.
            if (words is not [['c', 'p', 'u', _, ..] processor, ..])
            {
                continue;
            }

            for (var mode = 0; mode < s_modes.Length && mode + 1 < words.Length; mode++)
            {
                if (long.TryParse(words[mode + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks))
                {
                    writer.Sample(ticks / TicksPerSecond, ("cpu", processor[3..]), ("mode", s_modes[mode]));
                }
            }
        }
    }
}
