using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Contracts.Hubs;

namespace Portal.Web.Nodes.Telemetry;

/// <summary>One view of a log. What it does not take in time is counted and left out: it never holds others up, nor more than so much text.</summary>
/// <remarks>Written under the feeds' lock, read by one reader.</remarks>
internal sealed class LogSubscriber
{
    private const int BatchesHeld = 100;
    private const long CharactersHeld = 512 * 1024;

    private readonly Channel<LogBatch> _batches = Channel.CreateBounded<LogBatch>(
        new BoundedChannelOptions(BatchesHeld) { SingleReader = true, SingleWriter = true });

    private long _missed;
    private long _characters;

    public void Offer(LogBatch batch)
    {
        if (batch.Lines.Count == 0 && batch.Dropped == 0 && !batch.Ended && batch.Error is null)
        {
            return;
        }

        // However long it is, one batch has room; and the end, which has no lines, always.
        var offered = _missed == 0 ? batch : batch with { Dropped = batch.Dropped + _missed };
        var length = LengthOf(batch);
        var held = Interlocked.Read(ref _characters);
        if ((held == 0 || length == 0 || held + length <= CharactersHeld) && _batches.Writer.TryWrite(offered))
        {
            Interlocked.Add(ref _characters, length);
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

    public async IAsyncEnumerable<LogBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in _batches.Reader.ReadAllAsync(cancellationToken))
        {
            Interlocked.Add(ref _characters, -LengthOf(batch));
            yield return batch;
        }
    }

    private static long LengthOf(LogBatch batch) => batch.Lines.Sum(line => (long)line.Text.Length);
}
