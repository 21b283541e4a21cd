using System.Net;

namespace Portal.Web.Security;

/// <summary>
/// Bounds how often one client (<see cref="ClientNetwork"/>) may try what can be guessed. Only failures count in the end: an attempt counts
/// from its beginning, so that many at once get no further, and is given back when it was right.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="limit">So many failures within <paramref name="window"/> are let through.</param>
/// <param name="window">After it a failure is forgotten.</param>
/// <remarks>Any thread. Each portal counts for itself.</remarks>
internal abstract class AttemptLimiter(TimeProvider time, int limit, TimeSpan window)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, List<long>> _attempts = [];
    private long _swept = time.GetTimestamp();

    protected TimeProvider Time { get; } = time;

    /// <summary>False when the address has failed too often lately.</summary>
    public bool TryBegin(IPAddress address)
    {
        lock (_lock)
        {
            Sweep();
            var network = ClientNetwork.Of(address);
            if (!_attempts.TryGetValue(network, out var attempts))
            {
                _attempts[network] = attempts = [];
            }

            attempts.RemoveAll(IsOver);
            if (attempts.Count >= limit)
            {
                return false;
            }

            attempts.Add(Time.GetTimestamp());
            return true;
        }
    }

    /// <summary>The attempt that began was no failure.</summary>
    public void Succeeded(IPAddress address)
    {
        lock (_lock)
        {
            if (_attempts.TryGetValue(ClientNetwork.Of(address), out var attempts) && attempts.Count > 0)
            {
                attempts.RemoveAt(attempts.Count - 1);
            }
        }
    }

    private bool IsOver(long attempt) => Time.GetElapsedTime(attempt) >= window;

    // Whoever was heard of once is not remembered for ever.
    private void Sweep()
    {
        if (!IsOver(_swept))
        {
            return;
        }

        _swept = Time.GetTimestamp();
        foreach (var (network, attempts) in _attempts)
        {
            attempts.RemoveAll(IsOver);
            if (attempts.Count == 0)
            {
                _attempts.Remove(network);
            }
        }
    }
}
