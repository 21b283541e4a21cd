using Portal.Contracts.Hubs;

namespace Portal.Web.Nodes.Telemetry;

/// <summary>
/// One container's log as it comes, for all who look at it with the same number of lines to begin with. Remembers that many lines for
/// whoever joins later, and where it stopped, so that a new connection goes on there.
/// </summary>
/// <remarks>Not thread-safe: <see cref="LogFeeds"/> holds its lock around every call.</remarks>
internal sealed class LogFeed(Guid nodeId, string containerId, int tail)
{
    private const long CharactersRemembered = 4 * 1024 * 1024;
    private readonly Queue<LogLine> _recent = new();
    private long _characters;
    private readonly List<LogSubscriber> _subscribers = [];

    // Where it stopped: the time of the last line, and how many lines had that time.
    private DateTimeOffset? _lastTime;
    private int _linesAtLastTime;

    // Lines that a new connection repeats: those before that time, and so many of that time.
    private DateTimeOffset? _repeatTime;
    private int _linesToSkip;

    public Guid NodeId => nodeId;

    public string ContainerId => containerId;

    public string SubscriptionId { get; private set; } = NewId();

    public bool IsEmpty => _subscribers.Count == 0;

    public void Add(LogSubscriber subscriber)
    {
        if (_recent.Count > 0)
        {
            subscriber.Offer(new LogBatch(SubscriptionId, [.. _recent], 0, false, null));
        }

        _subscribers.Add(subscriber);
    }

    public void Remove(LogSubscriber subscriber) => _subscribers.Remove(subscriber);

    /// <summary>What to ask of a new connection. The id is new, so that what an old one still sends is not mixed in.</summary>
    public LogSubscription Resume()
    {
        SubscriptionId = NewId();
        _repeatTime = _lastTime;
        _linesToSkip = _linesAtLastTime;
        return new LogSubscription(SubscriptionId, containerId, tail, _lastTime);
    }

    public void Take(LogBatch batch)
    {
        var lines = new List<LogLine>(batch.Lines.Count);
        foreach (var line in batch.Lines)
        {
            if (!IsRepeated(line))
            {
                lines.Add(line);
                Remember(line);
            }
        }

        var news = batch with { Lines = lines };
        foreach (var subscriber in _subscribers)
        {
            subscriber.Offer(news);
        }
    }

    private bool IsRepeated(LogLine line)
    {
        if (_repeatTime is not { } time)
        {
            return false;
        }

        if (line.Time < time)
        {
            return true;
        }

        if (line.Time == time && _linesToSkip > 0)
        {
            _linesToSkip--;
            return true;
        }

        // From here on the lines are new, whatever the clock of the host does later.
        _repeatTime = null;
        return false;
    }

    private void Remember(LogLine line)
    {
        _linesAtLastTime = line.Time == _lastTime ? _linesAtLastTime + 1 : 1;
        _lastTime = line.Time;
        if (tail > 0)
        {
            _recent.Enqueue(line);
            _characters += line.Text.Length;
            while (_recent.Count > tail || (_characters > CharactersRemembered && _recent.Count > 1))
            {
                _characters -= _recent.Dequeue().Text.Length;
            }
        }
    }

    private static string NewId() => Guid.NewGuid().ToString("N");
}
