using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Contracts.Hubs;
using Portal.Web.Access;
using Portal.Web.Features.Containers;

namespace Portal.Web.Features.Logs;

/// <summary>
/// The live logs of a view's containers, as one stream of batches, at most one in 100 ms. A reader that is slow holds the containers up, not
/// memory: what they write meanwhile is counted and left out where they are watched.
/// </summary>
/// <remarks>One for each view that is open. <see cref="Set"/> is called on the view's context alone, and there is one reader.</remarks>
internal sealed class LogGathering(
    Func<ContainerKey, int, CancellationToken, IAsyncEnumerable<LogBatch>> watch, TimeProvider time) : IAsyncDisposable
{
    private const int LinesAtOnce = 3000;
    private const int BatchesHeld = 8;
    private static readonly TimeSpan s_window = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, Gathered> _sources = new(StringComparer.Ordinal);

    // Whom each name belonged to last: between the old container and the new one there may be none for a while.
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _ended = new();
    private readonly Channel<(Gathered Source, LogBatch? Batch, string? Note)> _batches =
        Channel.CreateBounded<(Gathered, LogBatch?, string?)>(new BoundedChannelOptions(BatchesHeld) { SingleReader = true });

    /// <summary>
    /// Watches these containers and no others. One that was made anew takes the place of the old one with its node and name.
    /// </summary>
    /// <param name="sources">The containers, with their numbers in the view.</param>
    public void Set(IReadOnlyList<(int Index, LogSource Source)> sources)
    {
        var wanted = sources.Select(item => item.Source.Identity).ToHashSet(StringComparer.Ordinal);
        foreach (var (identity, gathered) in _sources.Where(item => !wanted.Contains(item.Key)).ToList())
        {
            gathered.Stopping.Cancel();
            _sources.Remove(identity);
        }

        // The first of many lines is shown soon, and one log alone is worth more of it.
        var tail = sources.Count switch { 1 => 1000, <= 10 => 300, _ => 100 };
        foreach (var (index, source) in sources)
        {
            var known = _sources.GetValueOrDefault(source.Identity);
            if (known is not null && known.Container.Id == source.Container.Id)
            {
                known.SetAlive(source.IsAlive);
                continue;
            }

            known?.Stopping.Cancel();
            var begun = new Gathered(index, source.Container, tail, CancellationTokenSource.CreateLinkedTokenSource(_ended.Token))
            {
                IsReplacement = _ids.GetValueOrDefault(source.Identity, source.Container.Id) != source.Container.Id,
                TellsWhenItEnds = sources.Count == 1 || source.IsAlive,
            };
            begun.SetAlive(source.IsAlive);
            _sources[source.Identity] = begun;
            _ids[source.Identity] = source.Container.Id;
            begun.Running = PumpAsync(begun, begun.Stopping.Token);
        }
    }

    public async IAsyncEnumerable<LogDelivery> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _batches.Reader.WaitToReadAsync(cancellationToken))
        {
            var delivery = new LogDelivery([], [], []);
            while (delivery.Lines.Count < LinesAtOnce && _batches.Reader.TryRead(out var item))
            {
                // What a container that is no longer wanted has left is not shown.
                if (!item.Source.Stopping.IsCancellationRequested)
                {
                    item.Source.Write(item.Batch, item.Note, delivery);
                }
            }

            yield return delivery;
            await Task.Delay(s_window, time, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await Task.WhenAll(_sources.Values.Select(source => source.Running));
        _ended.Dispose();
    }

    private async Task PumpAsync(Gathered source, CancellationToken cancellationToken)
    {
        try
        {
            await WatchAsync(source, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Nobody looks any more.
        }
    }

    private async Task WatchAsync(Gathered source, CancellationToken cancellationToken)
    {
        if (source.IsReplacement)
        {
            await NoteAsync(T("{0} was made anew: from here on it is container {1}.", source.Container.Name, source.Container.Id[..12]));
        }

        DateTimeOffset? last = null;
        while (true)
        {
            try
            {
                // After a new start the log is read again from lines that are shown already.
                var until = last;
                await foreach (var batch in watch(source.Container, source.Tail, cancellationToken))
                {
                    var fresh = until is null ? batch : batch with { Lines = [.. batch.Lines.Where(line => line.Time > until)] };
                    last = fresh.Lines.Count > 0 ? fresh.Lines[^1].Time : last;
                    await _batches.Writer.WriteAsync((source, fresh, batch.Error), cancellationToken);
                    if (batch.Error is not null)
                    {
                        return;
                    }
                }
            }
            catch (AccessDeniedException denied)
            {
                await NoteAsync($"{source.Container.Name}: {Told(denied.Message)}");
                return;
            }
            catch (Exception failure) when (failure.IsDatabaseAway())
            {
                // Asked again below.
            }

            // The log may end a moment before the container's state says so.
            await Task.Delay(s_settled, time, cancellationToken);
            if (!source.IsAlive.IsCompleted)
            {
                await WaitForStartAsync();
            }
        }

        async Task WaitForStartAsync()
        {
            if (source.TellsWhenItEnds)
            {
                await NoteAsync(T("The container does not run. Its log goes on here when it is started."));
            }

            await source.IsAlive.WaitAsync(cancellationToken);
            await NoteAsync(T("The container was started."));
        }

        ValueTask NoteAsync(string text) => _batches.Writer.WriteAsync((source, null, text), cancellationToken);
    }

    private sealed class Gathered(int index, ContainerKey container, int tail, CancellationTokenSource stopping)
    {
        private TaskCompletionSource _alive = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private DateTimeOffset? _first;
        private int _lines;

        public ContainerKey Container => container;

        public int Tail => tail;

        public CancellationTokenSource Stopping => stopping;

        public bool IsReplacement { get; init; }

        public bool TellsWhenItEnds { get; init; }

        public Task IsAlive => _alive.Task;

        public Task Running { get; set; } = Task.CompletedTask;

        public void SetAlive(bool alive)
        {
            if (alive)
            {
                _alive.TrySetResult();
            }
            else if (_alive.Task.IsCompleted)
            {
                _alive = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public void Write(LogBatch? batch, string? note, LogDelivery delivery)
        {
            if (batch?.Dropped > 0)
            {
                delivery.Notes.Add([index, T("{0:N0} lines came too fast to be shown; the download has them all.", batch.Dropped)]);
            }

            foreach (var line in batch?.Lines ?? [])
            {
                _first ??= line.Time;
                _lines++;
                delivery.Lines.Add([index, LogMoment.Of(line.Time), line.IsError ? 1 : 0, line.Text]);

                // As many as were asked for: there may be more before them.
                if (_lines == tail)
                {
                    delivery.From.Add([index, LogMoment.Of(_first.Value)]);
                }
            }

            if (note is not null)
            {
                delivery.Notes.Add([index, note]);
            }
        }
    }
}
