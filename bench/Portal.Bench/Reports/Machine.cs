using System.Runtime.InteropServices;
using Portal.Testing.Processes;

namespace Portal.Bench.Reports;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    public static async Task<string> DescribeAsync()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        var kernel = (await Tool.RunAsync("uname", "-r")).Trim();
        var gibibytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return $"{Environment.ProcessorCount} processors ({model?.Split(':')[1].Trim()}), {gibibytes:0} GiB, Linux {kernel}, "
            + $"{RuntimeInformation.FrameworkDescription}; load average at the end {load}";
    }
}
