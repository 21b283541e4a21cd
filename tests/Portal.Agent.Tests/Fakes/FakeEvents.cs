using System.Runtime.CompilerServices;
using Portal.Engine.Events;

namespace Portal.Agent.Tests.Fakes;

public sealed class FakeEvents : IEngineEvents
{
    private readonly Lock _lock = new();
    private readonly List<EngineEvent> _events = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long LastSequence
    {
        get
        {
            lock (_lock)
            {
                return _events.Count;
            }
        }
    }

    public void Publish(
        EngineEventType type, string action, string actorId, IReadOnlyDictionary<string, string> attributes)
    {
        lock (_lock)
        {
            _events.Add(new EngineEvent(_events.Count + 1, TimeProvider.System.GetUtcNow(), type, action, actorId, attributes));
            _more.SetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async IAsyncEnumerable<EngineEvent> ReadAsync(
        long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var next = (int)(afterSequence < 0 ? LastSequence : afterSequence);
        while (true)
        {
            EngineEvent[] news;
            Task more;
            lock (_lock)
            {
                news = [.. _events.Skip(next)];
                more = _more.Task;
            }

            foreach (var item in news)
            {
                yield return item;
            }

            next += news.Length;
            await more.WaitAsync(cancellationToken);
        }
    }
}
