namespace Portal.Engine.Images.Checking;

/// <summary>Gathers what a check finds and tells of it: progress at most every 100 ms, problems at once. One a check; any thread.</summary>
internal sealed class CheckReporter(IProgress<StoreCheckProgress>? target, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private readonly Lock _gate = new();
    private readonly List<StoreProblem> _problems = [];
    private StoreCheckPhase _phase;
    private long _current;
    private long _total;
    private long _last;

    public IReadOnlyList<StoreProblem> Problems
    {
        get
        {
            lock (_gate)
            {
                return [.. _problems];
            }
        }
    }

    public void Begin(StoreCheckPhase phase, long total)
    {
        lock (_gate)
        {
            (_phase, _current, _total) = (phase, 0, total);
            Tell();
        }
    }

    public void Advance(long by)
    {
        lock (_gate)
        {
            _current = Math.Min(_total, _current + by);
            if (_current == _total || time.GetElapsedTime(_last) >= s_interval)
            {
                Tell();
            }
        }
    }

    public void Add(StoreProblemKind kind, string subject, string message, StoreProblemOutcome outcome)
    {
        lock (_gate)
        {
            _problems.Add(new StoreProblem(kind, subject, message, outcome));
            Tell(_problems[^1]);
        }
    }

    private void Tell(StoreProblem? problem = null)
    {
        _last = time.GetTimestamp();
        target?.Report(new StoreCheckProgress(_phase, _current, _total, problem));
    }
}
