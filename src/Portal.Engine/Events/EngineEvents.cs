using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Portal.Engine.Hosting;
using Portal.Engine.Storage;

namespace Portal.Engine.Events;

/// <summary>Events in memory for readers and in a journal for the next start.</summary>
/// <remarks>One for the engine's lifetime. The lock is held for a write to the page cache, never for a reader.</remarks>
internal sealed partial class EngineEvents : IEngineEvents, IDisposable
{
    internal const int Kept = 10_000;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ILogger<EngineEvents> _logger;
    private readonly EventJournal _journal;
    // The event with number n is at n modulo the length.
    private readonly EngineEvent?[] _ring;
    private TaskCompletionSource _more = NewSignal();
    private long _last;

    public EngineEvents(EngineOptions options, IDurableFiles files, TimeProvider time, ILogger<EngineEvents> logger)
        : this(Path.Combine(options.DataRoot, "events", "journal.jsonl"), Kept, files, time, logger)
    {
    }

    internal EngineEvents(string path, int kept, IDurableFiles files, TimeProvider time, ILogger<EngineEvents> logger)
    {
        _time = time;
        _logger = logger;
        _ring = new EngineEvent?[kept];
        _journal = new EventJournal(path, kept, files);
        foreach (var item in _journal.Load())
        {
            _ring[item.Sequence % kept] = item;
            _last = item.Sequence;
        }
    }

    public long LastSequence => Interlocked.Read(ref _last);

    public void Publish(
        EngineEventType type,
        string action,
        string actorId,
        IReadOnlyDictionary<string, string> attributes)
    {
        TaskCompletionSource signal;
        lock (_lock)
        {
            var added = new EngineEvent(_last + 1, _time.GetUtcNow(), type, action, actorId, attributes);
            _ring[added.Sequence % _ring.Length] = added;
            Interlocked.Increment(ref _last);
            Write(added);
            signal = _more;
            _more = NewSignal();
        }

        signal.SetResult();
    }

    public async IAsyncEnumerable<EngineEvent> ReadAsync(
        long afterSequence,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var position = afterSequence < 0 ? LastSequence : afterSequence;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<EngineEvent> batch;
            Task more;
            lock (_lock)
            {
                batch = Newer(position);
                more = _more.Task;
            }

            foreach (var item in batch)
            {
                yield return item;
                position = item.Sequence;
            }

            if (batch.Count == 0)
            {
                await more.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _journal.Dispose();
        }
    }

    private List<EngineEvent> Newer(long position)
    {
        var newer = new List<EngineEvent>();
        for (var number = Math.Max(position, _last - _ring.Length) + 1; number <= _last; number++)
        {
            if (_ring[number % _ring.Length] is { } item && item.Sequence == number)
            {
                newer.Add(item);
            }
        }

        return newer;
    }

    private void Write(EngineEvent added)
    {
        try
        {
            _journal.Append(added, () => Newer(0));
        }
        catch (Exception failure) when (failure is IOException or Errors.EngineException)
        {
            // A full disk must not stop what the event reports; live readers have it all the same.
            LogJournalFailed(failure, added.Sequence);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
