using Portal.Engine.Hosting;
using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Stats;
using Portal.Engine.Stats;

namespace Portal.Engine.Linux.Tests.Stats;

/// <summary>Readers over file trees as kernels with cgroup version 1 and 2 show them.</summary>
public sealed class StatReaderTests : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
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

        var counters = ReadV1(controller => Path.Combine(_root.FullName, controller));

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

        Assert.Null(ReadV1(controller => controller == "memory" ? Path.Combine(_root.FullName, controller) : null)!.MemoryLimitBytes);
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

        var counters = ReadV2(_root.FullName);

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
    public void V1_Details_AreRead()
    {
        Write("cpu/cpu.stat", "nr_periods 10\nnr_throttled 3\nthrottled_time 5000\n");
        Write("cpuacct/cpuacct.usage_percpu", "7 8 9 \n");
        Write("memory/memory.max_usage_in_bytes", "99\n");
        Write("memory/memory.failcnt", "4\n");
        Write("memory/memory.stat", "cache 1\ntotal_rss 2\n");
        Write("blkio/blkio.throttle.io_service_bytes_recursive", "8:0 Read 4096\n8:16 Write 2\nTotal 4098\n");
        Write("blkio/blkio.throttle.io_serviced_recursive", "8:0 Read 5\nTotal 5\n");

        var details = DetailReader.ReadV1(controller => Path.Combine(_root.FullName, controller));

        Assert.Equal((10, 3, 5000), (details.Periods, details.ThrottledPeriods, details.ThrottledNanoseconds));
        Assert.Equal([7, 8, 9], details.PerCpuNanoseconds);
        Assert.Equal((99, 4), (details.MemoryMaximumBytes, details.MemoryFailures));
        Assert.Equal(2, details.Memory["total_rss"]);
        Assert.Equal([new BlockCounter(8, 0, "Read", 4096), new BlockCounter(8, 16, "Write", 2)], details.BlockBytes);
        Assert.Equal([new BlockCounter(8, 0, "Read", 5)], details.BlockOperations);
    }

    [Fact]
    public void V2_Details_AreReadWithPressure()
    {
        Write("cpu.stat", "usage_usec 1\nnr_periods 10\nnr_throttled 3\nthrottled_usec 5\n");
        Write("memory.peak", "77\n");
        Write("memory.events", "low 0\nmax 6\noom 0\n");
        Write("memory.stat", "anon 1\n");
        Write("io.stat", "8:0 rbytes=4096 wbytes=1 rios=2 wios=3\n");
        Write("cpu.pressure", "some avg10=1.50 avg60=0.25 avg300=0.00 total=1234\n");
        Write("io.pressure", "some avg10=0.00 avg60=0.00 avg300=0.00 total=1\nfull avg10=2.00 avg60=0.00 avg300=0.00 total=7\n");

        var details = DetailReader.ReadV2(_root.FullName);

        Assert.Equal((10, 3, 5000), (details.Periods, details.ThrottledPeriods, details.ThrottledNanoseconds));
        Assert.Equal((77, 6), (details.MemoryMaximumBytes, details.MemoryFailures));
        Assert.Equal([new BlockCounter(8, 0, "read", 4096), new BlockCounter(8, 0, "write", 1)], details.BlockBytes);
        Assert.Equal([new BlockCounter(8, 0, "read", 2), new BlockCounter(8, 0, "write", 3)], details.BlockOperations);
        Assert.Equal(new PressureCounters(new PressureShare(1.5, 0.25, 0, 1234), null), details.Pressure["cpu"]);
        Assert.Equal(new PressureShare(2, 0, 0, 7), details.Pressure["io"].Full);
        Assert.False(details.Pressure.ContainsKey("memory"));
    }

    [Fact]
    public void Files_OfNonsense_AreReadAsNothing()
    {
        foreach (var file in new[] { "cpu.stat", "memory.stat", "io.stat", "cpu.pressure", "memory.peak", "cpuacct.usage_percpu" })
        {
            Write(file, "\0: = \n9999999999999999999999 x\n8:x rbytes=\n:\nsome\n");
        }

        Assert.Empty(DetailReader.ReadV2(_root.FullName).BlockBytes);
        Assert.Empty(DetailReader.ReadV1(_ => _root.FullName).BlockBytes);
    }

    [Fact]
    public void Interfaces_SampleTree_AreReadEach()
    {
        Write("42/net/dev", "Inter-|\n face |\n lo: 9 1 0 0 0 0 0 0 9 1 0 0 0 0 0 0\n  eth0: 100 1 2 3 0 0 0 0 200 4 5 6 0 0 0 0\n eth1:1 1\n");

        var counters = Assert.Single(new ProcFiles(_root.FullName).ReadInterfaces(42));

        Assert.Equal(
            new InterfaceCounters
            {
                Name = "eth0",
                ReceivedBytes = 100,
                ReceivedPackets = 1,
                ReceiveErrors = 2,
                ReceiveDropped = 3,
                SentBytes = 200,
                SentPackets = 4,
                SendErrors = 5,
                SendDropped = 6,
            },
            counters);
    }

    [Fact]
    public void BothVersions_NoCgroup_AreNull()
    {
        Assert.Null(ReadV2(Path.Combine(_root.FullName, "gone")));
        Assert.Null(ReadV1(controller => Path.Combine(_root.FullName, "gone", controller)));
        Assert.Null(ReadV1(_ => null));
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

    [Fact]
    public void Counters_ReadAgain_AreTheNewOnes()
    {
        Write("cpu.stat", "usage_usec 1\n");
        Write("memory.current", "10\n");
        using var reader = new CgroupV2Reader(_root.FullName);
        Assert.Equal((1000, 10), (reader.Read(_buffer)!.CpuNanoseconds, reader.Read(_buffer)!.MemoryBytes));

        Write("cpu.stat", "usage_usec 2\n");
        Write("memory.current", "9\n");
        Assert.Equal((2000, 9), (reader.Read(_buffer)!.CpuNanoseconds, reader.Read(_buffer)!.MemoryBytes));
    }

    [Fact]
    public void OpenCgroups_OfThoseThatAreWatched_AreKept()
    {
        Write("p/a/cpu.stat", "usage_usec 1\n");
        Write("p/b/cpu.stat", "usage_usec 2\n");
        var mounts = CgroupMounts.Of(2, new CgroupHierarchy(_root.FullName, [], Unified: true));
        var options = new EngineOptions { Name = "p", DataRoot = _root.FullName, RunRoot = _root.FullName };
        var open = new OpenCgroups(new CgroupTree(options, mounts));
        var before = Descriptors();

        Assert.Equal((1000, 2000), (open.Read("a")!.CpuNanoseconds, open.Read("b")!.CpuNanoseconds));
        Assert.Null(open.Read("gone"));
        Assert.Equal((2, before + 2), (open.Count, Descriptors()));
        open.Retain(id => id == "b");
        Assert.Equal((1, before + 1), (open.Count, Descriptors()));
        open.Retain(_ => false);
        Assert.Equal((0, before), (open.Count, Descriptors()));
    }

    public void Dispose() => _root.Delete(recursive: true);

    // Those of this test's own files: other tests run beside it, and close theirs meanwhile.
    private int Descriptors() => Directory.GetFiles("/proc/self/fd").Count(link =>
    {
        try
        {
            return File.ResolveLinkTarget(link, false)?.FullName.StartsWith(_root.FullName, StringComparison.Ordinal) == true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    });

    private CgroupCounters? ReadV1(Func<string, string?> folder)
    {
        using var reader = new CgroupV1Reader(folder);
        return reader.Read(_buffer);
    }

    private CgroupCounters? ReadV2(string folder)
    {
        using var reader = new CgroupV2Reader(folder);
        return reader.Read(_buffer);
    }

    private void Write(string path, string text)
    {
        var full = Path.Combine(_root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
