using System.Runtime.CompilerServices;
using Portal.Engine.Containers;
using Portal.Engine.Stats;

namespace Portal.Simulation.Nodes;

/// <summary>Counters that grow as those of containers at work.</summary>
/// <param name="containers">Whose.</param>
/// <param name="interval">Between the rounds that nobody asked for; rounds for who watches come as often as asked for.</param>
internal sealed class SimulatedStats(IContainers containers, TimeSpan interval) : IContainerStats, IStatsReader
{
    private static readonly TimeSpan s_background = TimeSpan.FromSeconds(10);
    private readonly long _begun = TimeProvider.System.GetTimestamp();

    public IAsyncEnumerable<ContainerSample> WatchAsync(string container, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The agent watches all at once.");

    public async IAsyncEnumerable<IReadOnlyList<ContainerSample>> WatchAllAsync(
        TimeSpan wanted, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pause = wanted < s_background ? wanted : interval;

        // A thousand hosts do not read in the same instant.
        await Task.Delay(pause * Random.Shared.NextDouble(), cancellationToken);
        using var timer = new PeriodicTimer(pause);
        do
        {
            var all = await containers.ListAsync(all: true, cancellationToken);
            yield return [.. all.Where(container => container.State == ContainerState.Running).Select(container => Read(container.Id))];
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    public Task<ContainerSample?> ReadAsync(string container, CancellationToken cancellationToken = default) =>
        Task.FromResult<ContainerSample?>(Read(container));

    public ContainerSample? ReadContainer(string containerId, int processId) => Read(containerId);

    public HostSample ReadHost() => new()
    {
        Time = TimeProvider.System.GetUtcNow(),
        Cpus = 16,
        CpuShare = Random.Shared.NextDouble(),
        Load1 = 16 * Random.Shared.NextDouble(),
        MemoryTotalBytes = 64_000_000_000,
        MemoryUsedBytes = 20_000_000_000 + Random.Shared.NextInt64(20_000_000_000),
        DiskTotalBytes = 1_000_000_000_000,
        DiskUsedBytes = 400_000_000_000,
    };

    private ContainerSample Read(string id)
    {
        var seconds = TimeProvider.System.GetElapsedTime(_begun).TotalSeconds;
        return new ContainerSample
        {
            ContainerId = id,
            Time = TimeProvider.System.GetUtcNow(),
            CpuNanoseconds = (long)(seconds * 120_000_000) + Random.Shared.Next(1_000_000),
            OnlineCpus = 16,
            MemoryBytes = 200_000_000 + Random.Shared.Next(20_000_000),
            MemoryLimitBytes = 1_000_000_000,
            NetworkReceiveBytes = (long)(seconds * 40_000),
            NetworkTransmitBytes = (long)(seconds * 90_000),
            BlockReadBytes = (long)(seconds * 5_000),
            BlockWriteBytes = (long)(seconds * 8_000),
            Pids = 12,
        };
    }
}
