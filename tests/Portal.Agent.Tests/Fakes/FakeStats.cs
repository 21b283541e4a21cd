using System.Runtime.CompilerServices;
using Portal.Engine.Stats;

namespace Portal.Agent.Tests.Fakes;

/// <summary>Counters that grow with each reading.</summary>
public sealed class FakeStats : IContainerStats, IStatsReader
{
    private long _count;
    private int _readers;

    /// <summary>Containers that run.</summary>
    public IReadOnlyList<string> Running { get; set; } = [];

    /// <summary>How many read all containers' counters every second now: the slow rounds for the history are always read.</summary>
    public int Readers => Volatile.Read(ref _readers);

    public IAsyncEnumerable<ContainerSample> WatchAsync(string container, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The agent watches all at once.");

    public async IAsyncEnumerable<IReadOnlyList<ContainerSample>> WatchAllAsync(
        TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var live = interval < TimeSpan.FromSeconds(10) ? 1 : 0;
        Interlocked.Add(ref _readers, live);
        try
        {
            while (true)
            {
                yield return [.. Running.Select(id => ReadContainer(id, 1)!)];
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
        }
        finally
        {
            Interlocked.Add(ref _readers, -live);
        }
    }

    public Task<ContainerSample?> ReadAsync(string container, CancellationToken cancellationToken = default) =>
        Task.FromResult(ReadContainer(container, 1));

    public ContainerSample? ReadContainer(string containerId, int processId) => new()
    {
        ContainerId = containerId,
        Time = TimeProvider.System.GetUtcNow(),
        CpuNanoseconds = Interlocked.Increment(ref _count),
    };

    public HostSample ReadHost() => new()
    {
        Time = TimeProvider.System.GetUtcNow(),
        Cpus = 4,
        CpuShare = 0.25,
        MemoryTotalBytes = 8_000_000_000,
        MemoryUsedBytes = 2_000_000_000,
        DiskTotalBytes = 100_000_000_000,
        DiskUsedBytes = 10_000_000_000,
    };
}
