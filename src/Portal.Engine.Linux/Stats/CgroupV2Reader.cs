namespace Portal.Engine.Linux.Stats;

/// <summary>Counters of cgroup version 2 (kernel documentation, <c>admin-guide/cgroup-v2</c>).</summary>
/// <param name="folder">The container's folder.</param>
internal sealed class CgroupV2Reader(string folder) : ICgroupCounters
{
    private const long NanosecondsPerMicrosecond = 1000;
    private readonly KeptFile _cpu = new(Path.Combine(folder, "cpu.stat"));
    private readonly KeptFile _usage = new(Path.Combine(folder, "memory.current"));
    private readonly KeptFile _limit = new(Path.Combine(folder, "memory.max"));
    private readonly KeptFile _memory = new(Path.Combine(folder, "memory.stat"));
    private readonly KeptFile _pids = new(Path.Combine(folder, "pids.current"));
    private readonly KeptFile _pidsLimit = new(Path.Combine(folder, "pids.max"));
    private readonly KeptFile _blocks = new(Path.Combine(folder, "io.stat"));

    /// <summary>How many files are kept open at most.</summary>
    public static int Files => 7;

    public CgroupCounters? Read(byte[] buffer)
    {
        var cpu = _cpu.Read(buffer);
        if (cpu.IsEmpty)
        {
            return null;
        }

        var (total, kernel) = (CounterText.Find(cpu, "usage_usec"u8), CounterText.Find(cpu, "system_usec"u8));
        var (read, written) = ReadBlocks(buffer);
        return new CgroupCounters
        {
            CpuNanoseconds = total * NanosecondsPerMicrosecond,
            CpuKernelNanoseconds = kernel * NanosecondsPerMicrosecond,
            MemoryBytes = CounterText.Number(_usage.Read(buffer)) ?? 0,
            MemoryCacheBytes = CounterText.Find(_memory.Read(buffer), "inactive_file"u8),
            MemoryLimitBytes = CounterText.Number(_limit.Read(buffer)),
            Pids = CounterText.Number(_pids.Read(buffer)) ?? 0,
            PidsLimit = CounterText.Number(_pidsLimit.Read(buffer)),
            BlockReadBytes = read,
            BlockWriteBytes = written,
        };
    }

    public void Dispose()
    {
        foreach (var file in new[] { _cpu, _usage, _limit, _memory, _pids, _pidsLimit, _blocks })
        {
            file.Dispose();
        }
    }

    private (long Read, long Written) ReadBlocks(byte[] buffer)
    {
        var text = _blocks.Read(buffer);
        long read = 0;
        long written = 0;

        // 8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0
        foreach (var range in text.SplitAny(" \n"u8))
        {
            var field = text[range];
            read += field.StartsWith("rbytes="u8) ? CounterText.Number(field[7..]) ?? 0 : 0;
            written += field.StartsWith("wbytes="u8) ? CounterText.Number(field[7..]) ?? 0 : 0;
        }

        return (read, written);
    }
}
