namespace Portal.Link.Tests.Deployments;

/// <summary>
/// Looks all the time, with the engines' own eyes, whether a replica runs on two nodes that the portal reaches. Two looks count, one after
/// the other: hosts are asked one by one, and what moves may be seen where it was and where it is.
/// </summary>
internal sealed class TwiceWatch : IAsyncDisposable
{
    private readonly SpreadWorld _world;
    private readonly string _project;
    private readonly CancellationTokenSource _done = new();
    private readonly HashSet<int> _hosts = [0, 1, 2];
    private readonly Lock _lock = new();
    private readonly Task _watching;
    private volatile string _seen = "";

    public TwiceWatch(SpreadWorld world, string project)
    {
        (_world, _project) = (world, project);
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>What ran twice; empty for nothing.</summary>
    public string Seen => _seen;

    /// <summary>From now on a host is not reached: what runs on there can't be stopped.</summary>
    public void LeaveOut(int host)
    {
        lock (_lock)
        {
            _hosts.Remove(host);
        }
    }

    public void TakeIn(int host)
    {
        lock (_lock)
        {
            _hosts.Add(host);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _watching;
        _done.Dispose();
    }

    private async Task WatchAsync()
    {
        IReadOnlySet<string> before = new HashSet<string>();
        while (!_done.IsCancellationRequested)
        {
            int[] hosts;
            lock (_lock)
            {
                hosts = [.. _hosts];
            }

            var there = new List<(int Host, int Number)>();
            foreach (var host in hosts)
            {
                there.AddRange((await _world.NumbersOnAsync(host, _project)).Select(number => (host, number)));
            }

            var twice = there.GroupBy(one => one.Number).Where(group => group.Count() > 1)
                .Select(group => $"replica {group.Key} on nodes {string.Join(" and ", group.Select(one => one.Host))}").ToHashSet();
            if (twice.Intersect(before).FirstOrDefault() is { } seen)
            {
                _seen = seen;
            }

            before = twice;
        }
    }
}
