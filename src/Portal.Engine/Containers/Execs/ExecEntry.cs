using Portal.Engine.Containers.Lifecycle;

namespace Portal.Engine.Containers.Execs;

/// <summary>One exec while the engine remembers it.</summary>
internal sealed class ExecEntry(string id, Container container, ExecSpec spec, DateTimeOffset created, bool isQuiet = false)
{
    private const int NotStarted = 0;
    private const int Started = 1;

    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _telling = new();
    private int _phase = NotStarted;
    private bool _startIsTold;
    private Action? _tellEnd;

    public string Id { get; } = id;

    public Container Container { get; } = container;

    public ExecSpec Spec { get; } = spec;

    /// <summary>The engine's own, of which no events tell.</summary>
    public bool IsQuiet { get; } = isQuiet;

    /// <summary>When it was described, or when it ended: what its remaining time counts from.</summary>
    public DateTimeOffset LastChange { get; private set; } = created;

    public int ProcessId { get; set; }

    /// <summary>Its process as it was at its start; null when it had ended by then.</summary>
    public ContainerProcess? Process { get; set; }

    public Task<int> Exit => _exit.Task;

    public bool IsRunning => Volatile.Read(ref _phase) == Started && !_exit.Task.IsCompleted;

    /// <summary>True for the one caller that may start it.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _phase, Started, NotStarted) == NotStarted;

    /// <summary>True the first time.</summary>
    public bool TryEnd(int exitCode, DateTimeOffset now)
    {
        LastChange = now;
        return _exit.TrySetResult(exitCode);
    }

    /// <summary>Tells of its start, and then of its end if that came meanwhile.</summary>
    public void TellStart(Action tell)
    {
        lock (_telling)
        {
            tell();
            _startIsTold = true;
            _tellEnd?.Invoke();
        }
    }

    /// <summary>Tells of its end, but never before its start: a short program ends while its start is still being reported.</summary>
    public void TellEnd(Action tell)
    {
        lock (_telling)
        {
            if (_startIsTold)
            {
                tell();
            }
            else
            {
                _tellEnd = tell;
            }
        }
    }

    public ExecInfo ToInfo()
    {
        return new ExecInfo(
            Id, Container.Id, Spec, IsRunning, ProcessId, _exit.Task.IsCompleted ? _exit.Task.Result : null);
    }
}
