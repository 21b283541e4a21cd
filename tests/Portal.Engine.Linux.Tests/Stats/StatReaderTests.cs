using Portal.Engine.Linux.Stats;

namespace Portal.Engine.Linux.Tests.Stats;

/// <summary>Readers over file trees as kernels with cgroup version 1 and 2 show them.</summary>
public sealed class StatReaderTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("portal-stats-");

    [Fact]
    public void V1_SampleTree_IsRead()
    {
        Write("memory/memory.usage_in_bytes", "10485760\n");
        Write("memory/memory.limit_in_bytes", "67108864\n");
        Write("memory/memory.stat", "cache 4096\ninactive_file 1\ntotal_cache 8192\ntotal_inactive_file 2097152\ntotal_active_file 5\n");
        Write("cpuacct/cpuacct.usage", "123456789\n");
        Write("cpuacct/cpuacct.usage_sys", "23456789\n");
        Write("pids/pids.current", "4\n");
        Write("pids/pids.max", "max\n");
        Write(
            "blkio/blkio.throttle.io_service_bytes_recursive",
            "8:0 Read 4096\n8:0 Write 8192\n8:0 Sync 1\n8:0 Total 12288\n8:16 Read 1\n8:16 Write 2\nTotal 12291\n");

        var counters = CgroupV1Reader.Read(controller => Path.Combine(_root.FullName, controller));

        Assert.Equal(
            new CgroupCounters
            {
                CpuNanoseconds = 123456789,
                CpuKernelNanoseconds = 23456789,
                MemoryBytes = 10485760,
                MemoryCacheBytes = 2097152,
                MemoryLimitBytes = 67108864,
                Pids = 4,
                PidsLimit = null,
                BlockReadBytes = 4097,
                BlockWriteBytes = 8194,
            },
            counters);
    }

    [Theory]
    [InlineData("9223372036854771712")]
    [InlineData("18446744073709551615")]
    public void V1_NoLimitOfMemory_IsNone(string limit)
    {
        Write("memory/memory.usage_in_bytes", "1\n");
        Write("memory/memory.limit_in_bytes", limit);

        Assert.Null(CgroupV1Reader.Read(controller => controller == "memory" ? Path.Combine(_root.FullName, controller) : null)!.MemoryLimitBytes);
    }

    [Fact]
    public void V2_SampleTree_IsRead()
    {
        Write("cpu.stat", "usage_usec 2500\nuser_usec 2000\nsystem_usec 500\nnr_periods 0\n");
        Write("memory.current", "10485760\n");
        Write("memory.max", "max\n");
        Write("memory.stat", "anon 1\nfile 2\ninactive_anon 3\ninactive_file 4096\n");
        Write("pids.current", "2\n");
        Write("pids.max", "100\n");
        Write("io.stat", "8:0 rbytes=4096 wbytes=1 rios=1 wios=1 dbytes=0 dios=0\n8:16 rbytes=1 wbytes=2 rios=1 wios=1\n253:0\n");

        var counters = CgroupV2Reader.Read(_root.FullName);

        Assert.Equal(
            new CgroupCounters
            {
                CpuNanoseconds = 2_500_000,
                CpuKernelNanoseconds = 500_000,
                MemoryBytes = 10485760,
                MemoryCacheBytes = 4096,
                MemoryLimitBytes = null,
                Pids = 2,
                PidsLimit = 100,
                BlockReadBytes = 4097,
                BlockWriteBytes = 3,
            },
            counters);
    }

    [Fact]
    public void BothVersions_NoCgroup_AreNull()
    {
        Assert.Null(CgroupV2Reader.Read(Path.Combine(_root.FullName, "gone")));
        Assert.Null(CgroupV1Reader.Read(controller => Path.Combine(_root.FullName, "gone", controller)));
        Assert.Null(CgroupV1Reader.Read(_ => null));
    }

    [Fact]
    public void Proc_SampleTree_IsRead()
    {
        Write("stat", "cpu  100 0 50 800 50 0 0 0 7 0\ncpu0 50 0 25 400 25 0 0 0 0 0\ncpu1 50 0 25 400 25 0 0 0 0 0\nbtime 1700000000\n");
        Write("meminfo", "MemTotal:        2048 kB\nMemFree:  10 kB\nMemAvailable:    1024 kB\n");
        Write("loadavg", "0.25 0.5 0.75 1/100 4711\n");
        Write(
            "42/net/dev",
            "Inter-|   Receive   |  Transmit\n face |bytes packets|bytes\n    lo: 9 1 0 0 0 0 0 0 9 1 0 0 0 0 0 0\n"
            + "  eth0: 100 1 0 0 0 0 0 0 200 1 0 0 0 0 0 0\n  eth1:1 1 0 0 0 0 0 0 2 1 0 0 0 0 0 0\n");
        var proc = new ProcFiles(_root.FullName);

        Assert.Equal((10_000_000_000, 8_500_000_000, 2), proc.ReadCpu());
        Assert.Equal((2 << 20, 1 << 20), proc.ReadMemory());
        Assert.Equal(0.25, proc.ReadLoad());
        Assert.Equal(1_700_000_000, proc.ReadBootTime());
        Assert.Equal((101, 202), proc.ReadNetwork(42));
        Assert.Equal((0, 0), proc.ReadNetwork(43));
    }

    public void Dispose() => _root.Delete(recursive: true);

    private void Write(string path, string text)
    {
        var full = Path.Combine(_root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
