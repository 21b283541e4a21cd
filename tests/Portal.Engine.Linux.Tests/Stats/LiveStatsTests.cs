using Portal.Engine.Linux.Tests.Containers;
using Portal.Engine.Runtime;
using Portal.Engine.Stats;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Stats;

/// <summary>What is told of a container at work, beside what it was given, on whichever cgroup version this host has.</summary>
public sealed class LiveStatsTests : IAsyncLifetime
{
    private const long Memory = 64L << 20;
    private const int Pids = 50;
    private KernelEngine _engine = null!;

    public async Task InitializeAsync() => _engine = await KernelEngine.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Watch_ContainerAtItsProcessorLimit_TellsUseLimitsThrottlingAndPressure()
    {
        // Two that want a processor each, and a fifth of one for both: they are held back, and wait for each other.
        var limits = new RuntimeResources { NanoCpus = 200_000_000, Memory = Memory, PidsLimit = Pids };
        var id = await _engine.RunAsync("while :; do :; done & while :; do :; done", spec => spec with { Resources = limits });

        // The second begins a moment after the first.
        var sample = await WatchAsync(id, (sample, details) =>
            sample.Pids == 2 && details.ThrottledNanoseconds > 0 && (!MeasuresPressure || IsWaiting(details)));

        var details = sample.Details!;
        Assert.Equal((Memory, Pids), (sample.MemoryLimitBytes, sample.PidsLimit));
        Assert.InRange(sample.CpuNanoseconds, 1, sample.SystemCpuNanoseconds);
        Assert.InRange(sample.MemoryBytes, 1, Memory);
        Assert.InRange(details.MemoryMaximumBytes, MeasuresMaximum ? 1 : 0, Memory);
        Assert.InRange(details.ThrottledPeriods, 1, details.Periods);
        Assert.InRange(details.ThrottledNanoseconds, 1, long.MaxValue);
        Assert.NotEmpty(details.Memory);
        Assert.Single(details.Interfaces);
        Assert.Equal(MeasuresPressure ? ["cpu", "io", "memory"] : [], details.Pressure.Keys.Order(StringComparer.Ordinal));
    }

    private static bool IsVersion2 => File.Exists("/sys/fs/cgroup/cgroup.controllers");

    /// <summary>memory.peak came with Linux 5.19; version 1 always had its counterpart.</summary>
    private static bool MeasuresMaximum => !IsVersion2 || Environment.OSVersion.Version >= new Version(5, 19);

    /// <summary>Of containers alone on version 2, where the kernel was told to.</summary>
    private static bool MeasuresPressure { get; } = IsVersion2 && CanRead("/proc/pressure/cpu");

    private static bool IsWaiting(ContainerDetails details) =>
        details.Pressure.TryGetValue("cpu", out var pressure) && pressure.Some.TotalMicroseconds > 0;

    private async Task<ContainerSample> WatchAsync(string id, Func<ContainerSample, ContainerDetails, bool> until)
    {
        using var deadline = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(30)));
        await foreach (var sample in _engine.Stats.WatchAsync(id, deadline.Token))
        {
            if (sample.Details is { } details && until(sample, details))
            {
                return sample;
            }
        }

        throw new InvalidOperationException("The container ended.");
    }

    private static bool CanRead(string file)
    {
        try
        {
            return File.ReadAllText(file).Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
