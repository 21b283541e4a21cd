namespace Portal.Engine.Linux.Stats;

/// <summary>Counters of cgroup version 2 (kernel documentation, <c>admin-guide/cgroup-v2</c>).</summary>
internal static class CgroupV2Reader
{
    private const long NanosecondsPerMicrosecond = 1000;

    /// <returns>Null when the container has no cgroup.</returns>
    public static CgroupCounters? Read(string folder)
    {
        if (StatFile.ReadText(Path.Combine(folder, "cpu.stat")) is not { } cpu)
        {
            return null;
        }

        var memory = StatFile.ReadText(Path.Combine(folder, "memory.stat")) ?? "";
        var (read, written) = ReadBlocks(folder);
        return new CgroupCounters
        {
            CpuNanoseconds = StatFile.FindNumber(cpu, "usage_usec") * NanosecondsPerMicrosecond,
            CpuKernelNanoseconds = StatFile.FindNumber(cpu, "system_usec") * NanosecondsPerMicrosecond,
            MemoryBytes = StatFile.ReadNumber(Path.Combine(folder, "memory.current")) ?? 0,
            MemoryCacheBytes = StatFile.FindNumber(memory, "inactive_file"),
            MemoryLimitBytes = StatFile.ReadNumber(Path.Combine(folder, "memory.max")),
            Pids = StatFile.ReadNumber(Path.Combine(folder, "pids.current")) ?? 0,
            PidsLimit = StatFile.ReadNumber(Path.Combine(folder, "pids.max")),
            BlockReadBytes = read,
            BlockWriteBytes = written,
        };
    }

    private static (long Read, long Written) ReadBlocks(string folder)
    {
        long read = 0;
        long written = 0;

        // 8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0
        foreach (var field in (StatFile.ReadText(Path.Combine(folder, "io.stat")) ?? "").Split(' ', '\n'))
        {
            read += Value(field, "rbytes=");
            written += Value(field, "wbytes=");
        }

        return (read, written);
    }

    private static long Value(string field, string key)
    {
        return field.StartsWith(key, StringComparison.Ordinal) ? StatFile.ParseNumber(field.AsSpan(key.Length)) ?? 0 : 0;
    }
}
