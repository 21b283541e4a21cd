using System.Runtime.CompilerServices;
using System.Text;
using Portal.Engine.Errors;
using Portal.Engine.Logs;
using Portal.Engine.Runtime;

namespace Portal.Agent.Tests.Fakes;

/// <summary>One log for every container, in memory.</summary>
public sealed class FakeLogs : IContainerLogs
{
    private readonly Lock _lock = new();
    private readonly List<LogRecord> _records = [];
    private bool _ended;
    private int _readers;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many follow the log now.</summary>
    public int Readers => Volatile.Read(ref _readers);

    public void Write(string line, DateTimeOffset? time = null)
    {
        Add(new LogRecord(time ?? TimeProvider.System.GetUtcNow(), OutputSource.Stdout, Encoding.UTF8.GetBytes(line + "\n"), false));
    }

    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            Signal();
        }
    }

    public async IAsyncEnumerable<LogRecord> ReadAsync(
        string container, LogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (container == "missing")
        {
            throw EngineException.NotFound("No such container: missing");
        }

        Interlocked.Increment(ref _readers);
        try
        {
            var next = Begin(query);
            while (true)
            {
                LogRecord[] news;
                Task more;
                bool ended;
                lock (_lock)
                {
                    news = [.. _records.Skip(next)];
                    more = _more.Task;
                    ended = _ended;
                }

                foreach (var record in news.Where(record => !(record.Time > query.Until)))
                {
                    yield return record;
                }

                next += news.Length;
                if (ended || !query.Follow)
                {
                    yield break;
                }

                await more.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    public void Add(LogRecord record)
    {
        lock (_lock)
        {
            _records.Add(record);
            Signal();
        }
    }

    private int Begin(LogQuery query)
    {
        lock (_lock)
        {
            var first = query.Since is { } since ? _records.FindIndex(record => record.Time >= since) : 0;
            first = first < 0 ? _records.Count : first;
            var end = query.TailWithinTime ? _records.Count(record => !(record.Time > query.Until)) : _records.Count;
            return query.Tail is { } tail ? Math.Max(first, end - tail) : first;
        }
    }

    private void Signal()
    {
        _more.SetResult();
        _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
