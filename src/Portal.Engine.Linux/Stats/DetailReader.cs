using System.Globalization;
using Portal.Engine.Stats;

namespace Portal.Engine.Linux.Stats;

/// <summary>Reads what only who looks at one container wants.</summary>
internal static class DetailReader
{
    private const long NanosecondsPerMicrosecond = 1000;

    /// <param name="folder">Gives the container's folder under a controller, or null.</param>
    public static ContainerDetails ReadV1(Func<string, string?> folder)
    {
        string Text(string controller, string file) =>
            folder(controller) is { } path ? StatFile.ReadText(Path.Combine(path, file)) ?? "" : "";
        var throttling = Text("cpu", "cpu.stat");
        return new ContainerDetails
        {
            PerCpuNanoseconds = [.. Text("cpuacct", "cpuacct.usage_percpu")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(number => StatFile.ParseNumber(number) ?? 0)],
            Periods = StatFile.FindNumber(throttling, "nr_periods"),
            ThrottledPeriods = StatFile.FindNumber(throttling, "nr_throttled"),
            ThrottledNanoseconds = StatFile.FindNumber(throttling, "throttled_time"),
            MemoryMaximumBytes = StatFile.ParseNumber(Text("memory", "memory.max_usage_in_bytes").AsSpan().Trim()) ?? 0,
            MemoryFailures = StatFile.ParseNumber(Text("memory", "memory.failcnt").AsSpan().Trim()) ?? 0,
            Memory = Pairs(Text("memory", "memory.stat")),
            BlockBytes = Blocks(Text("blkio", "blkio.throttle.io_service_bytes_recursive")),
            BlockOperations = Blocks(Text("blkio", "blkio.throttle.io_serviced_recursive")),
        };
    }

    public static ContainerDetails ReadV2(string folder)
    {
        string Text(string file) => StatFile.ReadText(Path.Combine(folder, file)) ?? "";
        var cpu = Text("cpu.stat");
        var blocks = Text("io.stat");
        var pressure = new Dictionary<string, PressureCounters>();
        foreach (var resource in new[] { "cpu", "memory", "io" })
        {
            if (Pressure(Text(resource + ".pressure")) is { } counters)
            {
                pressure[resource] = counters;
            }
        }

        return new ContainerDetails
        {
            Periods = StatFile.FindNumber(cpu, "nr_periods"),
            ThrottledPeriods = StatFile.FindNumber(cpu, "nr_throttled"),
            ThrottledNanoseconds = StatFile.FindNumber(cpu, "throttled_usec") * NanosecondsPerMicrosecond,
            MemoryMaximumBytes = StatFile.ParseNumber(Text("memory.peak").AsSpan().Trim()) ?? 0,
            MemoryFailures = StatFile.FindNumber(Text("memory.events"), "max"),
            Memory = Pairs(Text("memory.stat")),
            BlockBytes = Blocks(blocks, "rbytes", "wbytes"),
            BlockOperations = Blocks(blocks, "rios", "wios"),
            Pressure = pressure,
        };
    }

    private static Dictionary<string, long> Pairs(string text)
    {
        var pairs = new Dictionary<string, long>();
        foreach (var line in text.Split('\n'))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0)
            {
                pairs[line[..space]] = StatFile.ParseNumber(line.AsSpan(space + 1)) ?? 0;
            }
        }

        return pairs;
    }

    // 8:0 Read 4096
    private static List<BlockCounter> Blocks(string text)
    {
        var counters = new List<BlockCounter>();
        foreach (var line in text.Split('\n'))
        {
            if (line.Split(' ') is [var device, var operation, var value] && TryDevice(device, out var major, out var minor))
            {
                counters.Add(new BlockCounter(major, minor, operation, StatFile.ParseNumber(value) ?? 0));
            }
        }

        return counters;
    }

    // 8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0
    private static List<BlockCounter> Blocks(string text, string read, string write)
    {
        var counters = new List<BlockCounter>();
        foreach (var line in text.Split('\n'))
        {
            var fields = line.Split(' ');
            if (TryDevice(fields[0], out var major, out var minor))
            {
                counters.Add(new BlockCounter(major, minor, "read", Value(fields, read)));
                counters.Add(new BlockCounter(major, minor, "write", Value(fields, write)));
            }
        }

        return counters;
    }

    private static long Value(string[] fields, string name)
    {
        var field = Array.Find(fields, field => field.StartsWith(name + "=", StringComparison.Ordinal));
        return field is null ? 0 : StatFile.ParseNumber(field.AsSpan(name.Length + 1)) ?? 0;
    }

    private static bool TryDevice(string text, out int major, out int minor)
    {
        minor = 0;
        var parts = text.Split(':');
        return int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out major)
            && parts.Length == 2
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out minor);
    }

    // some avg10=0.00 avg60=0.00 avg300=0.00 total=0
    private static PressureCounters? Pressure(string text)
    {
        PressureShare? some = null;
        PressureShare? full = null;
        foreach (var line in text.Split('\n'))
        {
            var fields = line.Split(' ');
            var share = new PressureShare(Share(fields, "avg10"), Share(fields, "avg60"), Share(fields, "avg300"), Value(fields, "total"));
            some = fields[0] == "some" ? share : some;
            full = fields[0] == "full" ? share : full;
        }

        return some is null ? null : new PressureCounters(some, full);
    }

    private static double Share(string[] fields, string name)
    {
        var field = Array.Find(fields, field => field.StartsWith(name + "=", StringComparison.Ordinal));
        return field is not null
            && double.TryParse(field.AsSpan(name.Length + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var share) ? share : 0;
    }
}
