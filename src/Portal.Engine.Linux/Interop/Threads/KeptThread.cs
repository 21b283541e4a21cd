using System.Runtime.ExceptionServices;

namespace Portal.Engine.Linux.Interop.Threads;

/// <summary>What one of the <see cref="KeptThreads"/> is told, and what came of it. One caller at a time.</summary>
/// <param name="prepare">As theirs.</param>
internal sealed class KeptThread(Func<Action> prepare)
{
    // A monitor's wait blocks at once, where other primitives spin first.
    private readonly object _gate = new();
    private Action? _action;
    private ExceptionDispatchInfo? _failure;
    private bool _isDone;
    private bool _isToEnd;

    /// <summary>True when it takes nothing more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Has it do something, and waits.</summary>
    /// <returns>How that failed.</returns>
    public ExceptionDispatchInfo? Do(Action action)
    {
        lock (_gate)
        {
            (_action, _failure, _isDone) = (action, null, false);
            Monitor.PulseAll(_gate);
            while (!_isDone)
            {
                Monitor.Wait(_gate);
            }

            return _failure;
        }
    }

    /// <summary>Ends it.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isToEnd = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The thread's own loop.</summary>
    public void Work()
    {
        Action? restore = null;
        while (Next() is { } action)
        {
            var failure = Attempt(() =>
            {
                restore ??= prepare();
                action();
            });

            // Its own failure to come back is the caller's no more than the thread's end is.
            var isLost = restore is null || Attempt(restore) is not null;
            lock (_gate)
            {
                (_action, _failure, _isDone, HasEnded) = (null, failure, true, isLost);
                Monitor.PulseAll(_gate);
            }

            if (isLost)
            {
                return;
            }
        }
    }

    private Action? Next()
    {
        lock (_gate)
        {
            while (_action is null && !_isToEnd)
            {
                Monitor.Wait(_gate);
            }

            return _action;
        }
    }

    private static ExceptionDispatchInfo? Attempt(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception exception)
        {
            return ExceptionDispatchInfo.Capture(exception);
        }
    }
}
