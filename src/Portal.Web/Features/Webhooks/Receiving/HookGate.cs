using System.Collections.Concurrent;
using System.Net;
using Portal.Web.Security;

namespace Portal.Web.Features.Webhooks.Receiving;

/// <summary>
/// Holds back who floods or guesses: twenty wrong calls a minute of one webhook by one client, three hundred of any by one client, and so many
/// bodies at once. A client whose calls of a webhook were good a short while ago goes on: many projects call from the same addresses of a Git
/// host, and one of them must not shut out the others.
/// </summary>
/// <remarks>Singleton; any thread. Each portal counts for itself.</remarks>
internal sealed class HookGate(TimeProvider time)
{
    private const int MostBodies = 64;
    private const int MostBodiesOfOne = 8;
    private const int MostKnown = 10_000;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_known = TimeSpan.FromMinutes(10);

    private readonly AttemptLimiter<(IPAddress Client, string Hook)> _wrong = new(time, limit: 20, s_window);
    private readonly AttemptLimiter<IPAddress> _wrongAtAll = new(time, limit: 300, s_window);
    private readonly AttemptLimiter<Guid> _good = new(time, limit: 300, s_window);
    private readonly ConcurrentDictionary<(IPAddress Client, string Hook), long> _known = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _bodies = [];
    private int _allBodies;

    /// <summary>False while the client has called wrongly too often. An attempt counts from here, until it is found to be good.</summary>
    public bool TryBegin(IPAddress client, string hook)
    {
        var pair = (ClientNetwork.Of(client), hook);
        return IsKnown(pair) || (_wrong.TryBegin(pair) && _wrongAtAll.TryBegin(pair.Item1));
    }

    /// <summary>The attempt that began was good.</summary>
    public void Succeeded(IPAddress client, string hook)
    {
        var pair = (ClientNetwork.Of(client), hook);
        if (!IsKnown(pair))
        {
            _wrong.Succeeded(pair);
            _wrongAtAll.Succeeded(pair.Item1);
        }

        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        _known[pair] = time.GetTimestamp();
    }

    /// <summary>The attempt that began was wrong: the client's good time is over.</summary>
    public void Failed(IPAddress client, string hook) => _known.TryRemove((ClientNetwork.Of(client), hook), out _);

    /// <summary>False when a webhook has had more good deliveries this minute than anybody makes by hand or by machine.</summary>
    public bool TryTake(Guid hook) => _good.TryBegin(hook);

    /// <summary>A place to read a body in; null when there is none.</summary>
    public IDisposable? TryEnter(IPAddress client)
    {
        var network = ClientNetwork.Of(client);
        lock (_lock)
        {
            var own = _bodies.GetValueOrDefault(network);
            if (_allBodies >= MostBodies || own >= MostBodiesOfOne)
            {
                return null;
            }

            _allBodies++;
            _bodies[network] = own + 1;
            return new Place(this, network);
        }
    }

    private void Leave(IPAddress network)
    {
        lock (_lock)
        {
            _allBodies--;
            if (--_bodies[network] == 0)
            {
                _bodies.Remove(network);
            }
        }
    }

    private bool IsKnown((IPAddress Client, string Hook) pair) =>
        _known.TryGetValue(pair, out var since) && time.GetElapsedTime(since) < s_known;

    private sealed class Place(HookGate gate, IPAddress network) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                gate.Leave(network);
            }
        }
    }
}
