using System.Globalization;
using Portal.Engine.Stats;

namespace Portal.Engine.Linux.Stats;

/// <summary>Counters in <c>/proc</c> (proc(5)).</summary>
/// <param name="root">Its path; another one in tests.</param>
internal sealed class ProcFiles(string root)
{
    // USER_HZ: 100 on every architecture that this runs on.
    private const long NanosecondsPerTick = 10_000_000;
    private const long BytesPerKibibyte = 1024;
    private const int CountedFields = 8;
    private const int IdleField = 3;
    private const int WaitField = 4;

    /// <summary>Processor time since boot over all processors: all of it, and the part spent idle.</summary>
    public (long Total, long Idle, int Processors) ReadCpu()
    {
        var lines = (StatFile.ReadText(Path.Combine(root, "stat")) ?? "").Split('\n');

        // cpu user nice system idle iowait irq softirq steal guest guest_nice: guests are counted in user already.
        var fields = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(CountedFields)
            .Select(field => StatFile.ParseNumber(field) ?? 0).ToArray();
        var processors = lines.Count(
            line => line.Length > 3 && line.StartsWith("cpu", StringComparison.Ordinal) && char.IsAsciiDigit(line[3]));
        var idle = fields.Length > WaitField ? fields[IdleField] + fields[WaitField] : 0;
        return (fields.Sum() * NanosecondsPerTick, idle * NanosecondsPerTick, processors);
    }

    /// <summary>Memory of the host, and how much of it is to be had without swapping, in bytes.</summary>
    public (long Total, long Available) ReadMemory()
    {
        var text = StatFile.ReadText(Path.Combine(root, "meminfo")) ?? "";
        return (
            StatFile.FindNumber(text, "MemTotal") * BytesPerKibibyte,
            StatFile.FindNumber(text, "MemAvailable") * BytesPerKibibyte);
    }

    public double ReadLoad()
    {
        var text = StatFile.ReadText(Path.Combine(root, "loadavg")) ?? "";
        return double.TryParse(text.Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var load) ? load : 0;
    }

    /// <summary>Seconds since the epoch at which the host was booted.</summary>
    public long ReadBootTime() => StatFile.FindNumber(StatFile.ReadText(Path.Combine(root, "stat")) ?? "", "btime");

    /// <summary>The interfaces of a process's network namespace, without loopback.</summary>
    public IReadOnlyList<InterfaceCounters> ReadInterfaces(int processId)
    {
        var text = StatFile.ReadText(Path.Combine(root, processId.ToString(CultureInfo.InvariantCulture), "net/dev")) ?? "";
        var interfaces = new List<InterfaceCounters>();
        foreach (var line in text.Split('\n'))
        {
            // eth0: bytes packets errs drop fifo frame compressed multicast, and the same of what was sent.
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var fields = colon < 0 ? [] : line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 12 || line[..colon].Trim() == "lo")
            {
                continue;
            }

            var numbers = fields.Select(field => StatFile.ParseNumber(field) ?? 0).ToArray();
            interfaces.Add(new InterfaceCounters
            {
                Name = line[..colon].Trim(),
                ReceivedBytes = numbers[0],
                ReceivedPackets = numbers[1],
                ReceiveErrors = numbers[2],
                ReceiveDropped = numbers[3],
                SentBytes = numbers[8],
                SentPackets = numbers[9],
                SendErrors = numbers[10],
                SendDropped = numbers[11],
            });
        }

        return interfaces;
    }

    /// <summary>Bytes received and sent in a process's network namespace, without loopback.</summary>
    public (long Received, long Sent) ReadNetwork(int processId)
    {
        var text = StatFile.ReadText(Path.Combine(root, processId.ToString(CultureInfo.InvariantCulture), "net/dev")) ?? "";
        long received = 0;
        long sent = 0;
        foreach (var line in text.Split('\n'))
        {
            // eth0: bytes packets errs drop fifo frame compressed multicast bytes ...
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var fields = colon < 0 ? [] : line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length >= 9 && line[..colon].Trim() != "lo")
            {
                received += StatFile.ParseNumber(fields[0]) ?? 0;
                sent += StatFile.ParseNumber(fields[8]) ?? 0;
            }
        }

        return (received, sent);
    }
}
