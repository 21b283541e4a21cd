namespace Portal.Engine.Linux.Stats;

/// <summary>Counters of cgroup version 1 (kernel documentation, <c>admin-guide/cgroup-v1</c>).</summary>
/// <param name="folder">Gives the container's folder under a controller, or null.</param>
internal sealed class CgroupV1Reader(Func<string, string?> folder) : ICgroupCounters
{
    // "No limit" is the largest multiple of a page below 2^63; a real limit is never near it.
    private const long NoLimitFrom = long.MaxValue / 2;
    private readonly KeptFile _usage = Of(folder, "memory", "memory.usage_in_bytes");
    private readonly KeptFile _limit = Of(folder, "memory", "memory.limit_in_bytes");
    private readonly KeptFile _memory = Of(folder, "memory", "memory.stat");
    private readonly KeptFile _cpu = Of(folder, "cpuacct", "cpuacct.usage");
    private readonly KeptFile _kernel = Of(folder, "cpuacct", "cpuacct.usage_sys");
    private readonly KeptFile _pids = Of(folder, "pids", "pids.current");
    private readonly KeptFile _pidsLimit = Of(folder, "pids", "pids.max");
    private readonly KeptFile _blocks = Of(folder, "blkio", "blkio.throttle.io_service_bytes_recursive");
    private readonly KeptFile _ownBlocks = Of(folder, "blkio", "blkio.throttle.io_service_bytes");

    /// <summary>How many files are kept open at most.</summary>
    public static int Files => 9;

    public CgroupCounters? Read(byte[] buffer)
    {
        if (CounterText.Number(_usage.Read(buffer)) is not { } usage)
        {
            return null;
        }

        var limit = CounterText.Number(_limit.Read(buffer));
        var (read, written) = ReadBlocks(buffer);
        return new CgroupCounters
        {
            CpuNanoseconds = CounterText.Number(_cpu.Read(buffer)) ?? 0,
            CpuKernelNanoseconds = CounterText.Number(_kernel.Read(buffer)) ?? 0,
            MemoryBytes = usage,
            MemoryCacheBytes = CounterText.Find(_memory.Read(buffer), "total_inactive_file"u8),
            MemoryLimitBytes = limit < NoLimitFrom ? limit : null,
            Pids = CounterText.Number(_pids.Read(buffer)) ?? 0,
            PidsLimit = CounterText.Number(_pidsLimit.Read(buffer)),
            BlockReadBytes = read,
            BlockWriteBytes = written,
        };
    }

    public void Dispose()
    {
        foreach (var file in new[] { _usage, _limit, _memory, _cpu, _kernel, _pids, _pidsLimit, _blocks, _ownBlocks })
        {
            file.Dispose();
        }
    }

    private static KeptFile Of(Func<string, string?> folder, string controller, string file) =>
        new(folder(controller) is { } path ? Path.Combine(path, file) : null);

    private (long Read, long Written) ReadBlocks(byte[] buffer)
    {
        var text = _blocks.Read(buffer);
        text = text.IsEmpty ? _ownBlocks.Read(buffer) : text;
        long read = 0;
        long written = 0;
        foreach (var range in text.Split((byte)'\n'))
        {
            // 8:0 Read 4096
            var line = text[range];
            var space = line.IndexOf((byte)' ');
            if (space < 0)
            {
                continue;
            }

            var rest = line[(space + 1)..];
            read += rest.StartsWith("Read "u8) ? CounterText.Number(rest[5..]) ?? 0 : 0;
            written += rest.StartsWith("Write "u8) ? CounterText.Number(rest[6..]) ?? 0 : 0;
        }

        return (read, written);
    }
}
