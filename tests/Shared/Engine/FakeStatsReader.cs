using Portal.Engine.Stats;

namespace Portal.Testing.Engine;

/// <summary>Counters that grow by one with each reading.</summary>
public sealed class FakeStatsReader(TimeProvider time) : IStatsReader
{
    private long _reads;

    public long Reads => Interlocked.Read(ref _reads);

    public ContainerSample? ReadContainer(string containerId, int processId)
    {
        return new ContainerSample
        {
            ContainerId = containerId,
            Time = time.GetUtcNow(),
            CpuNanoseconds = Interlocked.Increment(ref _reads),
        };
    }

    public HostSample ReadHost() => new() { Time = time.GetUtcNow() };
}
