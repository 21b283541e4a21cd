using System.Threading.Channels;
using Portal.Contracts.Hubs;

namespace Portal.Web.Nodes.Telemetry;

/// <summary>One view of a log. What it does not take in time is counted and left out: it never holds others up.</summary>
/// <remarks>Written under the feeds' lock, read by one reader.</remarks>
internal sealed class LogSubscriber
{
    private const int BatchesHeld = 100;

    private readonly Channel<LogBatch> _batches = Channel.CreateBounded<LogBatch>(
        new BoundedChannelOptions(BatchesHeld) { SingleReader = true, SingleWriter = true });

    private long _missed;

    public ChannelReader<LogBatch> Batches => _batches.Reader;

    public void Offer(LogBatch batch)
    {
        if (batch.Lines.Count == 0 && batch.Dropped == 0 && !batch.Ended && batch.Error is null)
        {
            return;
        }

        var offered = _missed == 0 ? batch : batch with { Dropped = batch.Dropped + _missed };
        if (_batches.Writer.TryWrite(offered))
        {
            _missed = 0;
        }
        else
        {
            _missed += batch.Lines.Count + batch.Dropped;
        }

        if (batch.Ended)
        {
            _batches.Writer.TryComplete();
        }
    }
}
