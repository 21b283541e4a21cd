using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Errors;
using Portal.Engine.Hosts;
using Portal.Engine.Runtime;
using Portal.Engine.Stats;

namespace Portal.Engine.Linux.Tests.Runtime;

public sealed class LimitTests : IAsyncLifetime
{
    // The host's, whatever of them this process may use.
    private static readonly int s_processors = File.ReadLines("/proc/stat").Count(line => line.StartsWith("cpu", StringComparison.Ordinal)) - 1;

    private const long Mebibyte = 1024 * 1024;
    private RuntimeBench _bench = null!;

    public async Task InitializeAsync() => _bench = await RuntimeBench.CreateAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Memory_LimitReached_IsReportedAsSuch()
    {
        // tail keeps the longest line that it has read in memory, and this one has no end.
        var container = _bench.Describe("tail", "/dev/zero") with
        {
            Resources = new RuntimeResources { Memory = 16 * Mebibyte, MemorySwap = 16 * Mebibyte },
        };

        var (exit, _) = await _bench.RunAsync(container);

        Assert.Equal(137, exit.ExitCode);
        Assert.True(exit.OutOfMemory);
    }

    [Fact]
    public async Task Pids_LimitReached_NoMoreProcesses()
    {
        var container = _bench.DescribeShell("for i in 1 2 3 4 5 6 7 8 9 10; do sleep 1000 & done; echo all") with
        {
            Resources = new RuntimeResources { PidsLimit = 6 },
        };

        var (exit, output) = await _bench.RunAsync(container);

        Assert.NotEqual(0, exit.ExitCode);
        Assert.Contains("can't fork", output);
    }

    [Fact]
    public async Task Memory_BelowTheMinimum_IsRefused()
    {
        var container = _bench.Describe("true") with { Resources = new RuntimeResources { Memory = Mebibyte } };

        var failure = await Assert.ThrowsAsync<EngineException>(() => _bench.Runtime.CreateAsync(container));

        Assert.Equal("Minimum memory limit allowed is 6MB", failure.Message);
    }

    [Fact]
    public async Task Stats_RunningContainer_AreReal()
    {
        var reader = _bench.Services.GetRequiredService<IStatsReader>();
        var container = _bench.DescribeShell("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo burnt; sleep 1000") with
        {
            Resources = new RuntimeResources { Memory = 64 * Mebibyte, PidsLimit = 50, NanoCpus = 1_500_000_000, CpuShares = 512 },
        };
        var processId = await _bench.Runtime.CreateAsync(container);
        await _bench.Runtime.StartAsync(container.Id);
        await RuntimeBench.UntilAsync(() => _bench.ReadLog(container.Id).Contains("burnt"), "some time is used");

        var sample = reader.ReadContainer(container.Id, processId)!;

        Assert.InRange(sample.CpuNanoseconds, 10_000_000, 60_000_000_000);
        Assert.InRange(sample.CpuKernelNanoseconds, 0, sample.CpuNanoseconds);
        Assert.InRange(sample.SystemCpuNanoseconds, sample.CpuNanoseconds, long.MaxValue);
        Assert.Equal(s_processors, sample.OnlineCpus);
        Assert.InRange(sample.MemoryBytes, 1, 64 * Mebibyte);
        Assert.Equal(64 * Mebibyte, sample.MemoryLimitBytes);
        Assert.InRange(sample.Pids, 1, 2);
        Assert.Equal(50, sample.PidsLimit);
        await _bench.Runtime.DeleteAsync(container.Id);
        Assert.Null(reader.ReadContainer(container.Id, processId));
    }

    [Fact]
    public async Task HostStats_AfterASecondLook_HaveAShare()
    {
        var reader = _bench.Services.GetRequiredService<IStatsReader>();
        var first = reader.ReadHost();
        await RuntimeBench.UntilAsync(() => reader.ReadHost().CpuShare > 0, "some processor time has passed");

        Assert.Equal(0, first.CpuShare);
        Assert.Equal(s_processors, first.Cpus);
        Assert.InRange(first.MemoryUsedBytes, 1, first.MemoryTotalBytes);
        Assert.InRange(first.DiskUsedBytes, 1, first.DiskTotalBytes);
    }

    [Fact]
    public async Task HostFacts_ThisHost_AreFilled()
    {
        var facts = await _bench.Services.GetRequiredService<IHostFacts>().ReadAsync();

        Assert.Equal(Environment.MachineName, facts.Hostname);
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/osrelease").Trim(), facts.KernelVersion);
        Assert.NotEqual("", facts.OperatingSystem);
        Assert.Contains(facts.PlatformArchitecture, new[] { "amd64", "arm64" });
        Assert.NotEqual("", facts.RuntimeVersion);
        Assert.NotEqual("", facts.MonitorVersion);
        Assert.InRange(facts.MemoryBytes, 1, long.MaxValue);
        Assert.InRange(facts.BootTime, DateTimeOffset.UnixEpoch.AddYears(30), DateTimeOffset.UtcNow);
    }
}
