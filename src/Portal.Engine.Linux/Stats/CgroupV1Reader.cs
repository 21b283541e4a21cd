namespace Portal.Engine.Linux.Stats;

/// <summary>Counters of cgroup version 1 (kernel documentation, <c>admin-guide/cgroup-v1</c>).</summary>
internal static class CgroupV1Reader
{
    // "No limit" is the largest multiple of a page below 2^63; a real limit is never near it.
    private const long NoLimitFrom = long.MaxValue / 2;

    /// <param name="folder">Gives the container's folder under a controller, or null.</param>
    /// <returns>Null when the container has no cgroup.</returns>
    public static CgroupCounters? Read(Func<string, string?> folder)
    {
        if (folder("memory") is not { } memory || StatFile.ReadNumber(Path.Combine(memory, "memory.usage_in_bytes")) is not { } usage)
        {
            return null;
        }

        var limit = StatFile.ReadNumber(Path.Combine(memory, "memory.limit_in_bytes"));
        var stat = StatFile.ReadText(Path.Combine(memory, "memory.stat")) ?? "";
        var (read, written) = ReadBlocks(folder("blkio"));
        return new CgroupCounters
        {
            CpuNanoseconds = ReadNumber(folder("cpuacct"), "cpuacct.usage") ?? 0,
            CpuKernelNanoseconds = ReadNumber(folder("cpuacct"), "cpuacct.usage_sys") ?? 0,
            MemoryBytes = usage,
            MemoryCacheBytes = StatFile.FindNumber(stat, "total_inactive_file"),
            MemoryLimitBytes = limit < NoLimitFrom ? limit : null,
            Pids = ReadNumber(folder("pids"), "pids.current") ?? 0,
            PidsLimit = ReadNumber(folder("pids"), "pids.max"),
            BlockReadBytes = read,
            BlockWriteBytes = written,
        };
    }

    private static long? ReadNumber(string? folder, string file)
    {
        return folder is null ? null : StatFile.ReadNumber(Path.Combine(folder, file));
    }

    private static (long Read, long Written) ReadBlocks(string? folder)
    {
        if (folder is null)
        {
            return (0, 0);
        }

        var text = StatFile.ReadText(Path.Combine(folder, "blkio.throttle.io_service_bytes_recursive"))
            ?? StatFile.ReadText(Path.Combine(folder, "blkio.throttle.io_service_bytes"))
            ?? "";
        long read = 0;
        long written = 0;
        foreach (var line in text.Split('\n'))
        {
            // 8:0 Read 4096
            var fields = line.Split(' ');
            if (fields.Length == 3)
            {
                var bytes = StatFile.ParseNumber(fields[2]) ?? 0;
                read += fields[1] == "Read" ? bytes : 0;
                written += fields[1] == "Write" ? bytes : 0;
            }
        }

        return (read, written);
    }
}
