using System.Runtime.CompilerServices;

namespace Portal.Web.Nodes.Telemetry;

/// <summary>Tells that events of some node were kept: whoever shows events reads them then. Nothing is held for anybody.</summary>
/// <remarks>Singleton; any thread.</remarks>
public sealed class NodeEventSignal(TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);
    private TaskCompletionSource _kept = NewSignal();

    public void Set() => Interlocked.Exchange(ref _kept, NewSignal()).TrySetResult();

    /// <summary>At once, then after new events, at most twice a second.</summary>
    public async IAsyncEnumerable<int> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var round = 0; ; round++)
        {
            // The signal first: what is kept between the two lines makes the next round come at once instead of never.
            var kept = Volatile.Read(ref _kept).Task;
            yield return round;
            await kept.WaitAsync(cancellationToken);
            await Task.Delay(s_interval, time, cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
