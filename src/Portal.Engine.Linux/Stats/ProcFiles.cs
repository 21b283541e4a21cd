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
    private const int ReceivedField = 0;
    private const int SentField = 8;

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
    /// <remarks>The file is not kept open: it would keep the namespace.</remarks>
    public (long Received, long Sent) ReadNetwork(int processId)
    {
        long received = 0;
        long sent = 0;
        var text = StatFile.ReadBytes($"{root}/{processId}/net/dev");
        foreach (var range in text.Split((byte)'\n'))
        {
            // eth0: bytes packets errs drop fifo frame compressed multicast bytes ...
            var line = text[range];
            var colon = line.IndexOf((byte)':');
            if (colon >= 0
                && !line[..colon].Trim((byte)' ').SequenceEqual("lo"u8)
                && TryRead(line[(colon + 1)..], out var bytesIn, out var bytesOut))
            {
                received += bytesIn;
                sent += bytesOut;
            }
        }

        return (received, sent);
    }

    private static bool TryRead(ReadOnlySpan<byte> fields, out long received, out long sent)
    {
        received = 0;
        sent = 0;
        var index = 0;
        foreach (var range in fields.Split((byte)' '))
        {
            var field = fields[range];
            if (field.IsEmpty)
            {
                continue;
            }

            if (index == ReceivedField)
            {
                received = CounterText.Number(field) ?? 0;
            }
            else if (index == SentField)
            {
                sent = CounterText.Number(field) ?? 0;
                return true;
            }

            index++;
        }

        return false;
    }
}
