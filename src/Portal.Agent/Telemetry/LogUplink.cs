using System.Threading.Channels;
using Portal.Contracts.Hubs;
using Portal.Engine.Errors;
using Portal.Engine.Logs;

namespace Portal.Agent.Telemetry;

/// <summary>
/// Sends one watched log: a batch at most every 100 ms, one under way at a time. What was written before somebody
/// looked waits for its turn in the log's
/// files; of what is being written now, so much is held in memory, and what comes faster than it goes is counted and left out.
/// </summary>
internal sealed class LogUplink(IContainerLogs logs, LogSubscription subscription, TimeProvider time)
{
    private const int LinesHeld = 10_000;
    private const int LinesInBatch = 1000;
    private const int CharactersInBatch = 256 * 1024;
    private static readonly TimeSpan s_window = TimeSpan.FromMilliseconds(100);

    private readonly Channel<LogLine> _lines = Channel.CreateBounded<LogLine>(
        new BoundedChannelOptions(LinesHeld) { SingleReader = true, SingleWriter = true });

    private long _dropped;

    public async Task RunAsync(Func<LogBatch, Task> send, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(stopping.Token);
        try
        {
            LogLine? waiting = null;
            while (waiting is not null || await _lines.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                await Task.Delay(s_window, time, cancellationToken).ConfigureAwait(false);
                (var batch, waiting) = Gather(waiting);
                await send(Batch(batch)).ConfigureAwait(false);
            }

            var error = await reading.ConfigureAwait(false);
            await send(Batch([]) with { Ended = true, Error = error }).ConfigureAwait(false);
        }
        finally
        {
            await stopping.CancelAsync().ConfigureAwait(false);
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private LogBatch Batch(IReadOnlyList<LogLine> lines) =>
        new(subscription.SubscriptionId, lines, Interlocked.Exchange(ref _dropped, 0), false, null);

    private (List<LogLine> Batch, LogLine? Waiting) Gather(LogLine? first)
    {
        var batch = new List<LogLine>();
        var characters = 0;
        if (first is not null)
        {
            batch.Add(first);
            characters = first.Text.Length;
        }

        while (batch.Count < LinesInBatch && _lines.Reader.TryRead(out var line))
        {
            characters += line.Text.Length;
            if (characters > CharactersInBatch && batch.Count > 0)
            {
                return (batch, line);
            }

            batch.Add(line);
        }

        return (batch, null);
    }

    /// <returns>Why no more comes, for the user; null at the log's end.</returns>
    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadLinesAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (EngineException failure)
        {
            return failure.Message;
        }
        finally
        {
            _lines.Writer.TryComplete();
        }
    }

    private async Task ReadLinesAsync(CancellationToken cancellationToken)
    {
        var begun = time.GetUtcNow();
        var assembler = new LogLineAssembler();
        var query = new LogQuery
        {
            Follow = true,
            Tail = subscription.Since is null ? Math.Clamp(subscription.Tail, 0, LinesHeld) : null,
            Since = subscription.Since,
        };
        await foreach (var record in logs.ReadAsync(subscription.ContainerId, query, cancellationToken).ConfigureAwait(false))
        {
            if (assembler.Add(record) is not { } line)
            {
                continue;
            }

            if (line.Time < begun)
            {
                await _lines.Writer.WriteAsync(line, cancellationToken).ConfigureAwait(false);
            }
            else if (!_lines.Writer.TryWrite(line))
            {
                Interlocked.Increment(ref _dropped);
            }
        }
    }
}
