using System.Threading.Channels;
using Portal.Engine.Containers.Lifecycle;

namespace Portal.Engine.Stats;

/// <summary>One who watches samples. Slow ones miss rounds rather than hold the loop up.</summary>
internal sealed class StatsSubscription(Container? container, TimeSpan interval)
{
    private readonly Channel<IReadOnlyList<ContainerSample>> _rounds =
        Channel.CreateBounded<IReadOnlyList<ContainerSample>>(
            new BoundedChannelOptions(4) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>The container that is watched; null for all.</summary>
    public Container? Container { get; } = container;

    public ChannelReader<IReadOnlyList<ContainerSample>> Rounds => _rounds.Reader;

    /// <summary>When its next round is due, on the clock's own scale.</summary>
    public long Due { get; private set; }

    public bool Wants(string containerId) => Container is null || Container.Id == containerId;

    public void Offer(IReadOnlyList<ContainerSample> round, long now, TimeProvider time)
    {
        // Half a second of slack, since the loop's own ticks come a little early or late.
        Due = now + (long)((interval.TotalSeconds - 0.5) * time.TimestampFrequency);
        if (Container is null || round.Count > 0)
        {
            _rounds.Writer.TryWrite(round);
        }
    }

    public void End() => _rounds.Writer.TryComplete();
}
