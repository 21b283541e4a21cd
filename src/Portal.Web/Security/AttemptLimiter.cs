namespace Portal.Web.Security;

/// <summary>
/// Bounds how often somebody may try what can be guessed. Only failures count in the end: an attempt counts
/// from its beginning, so that many at once get no further, and is given back when it was right.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="limit">So many failures within <paramref name="window"/> are let through.</param>
/// <param name="window">After it a failure is forgotten.</param>
/// <typeparam name="TKey">Who, or who on what.</typeparam>
/// <remarks>Any thread. Each portal counts for itself.</remarks>
internal class AttemptLimiter<TKey>(TimeProvider time, int limit, TimeSpan window)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, List<long>> _attempts = [];
    private long _swept = time.GetTimestamp();

    protected TimeProvider Time { get; } = time;

    /// <summary>False when there were too many failures lately.</summary>
    public bool TryBegin(TKey key)
    {
        lock (_lock)
        {
            Sweep();
            key = Normalize(key);
            if (!_attempts.TryGetValue(key, out var attempts))
            {
                _attempts[key] = attempts = [];
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
    public void Succeeded(TKey key)
    {
        lock (_lock)
        {
            if (_attempts.TryGetValue(Normalize(key), out var attempts) && attempts.Count > 0)
            {
                attempts.RemoveAt(attempts.Count - 1);
            }
        }
    }

    /// <summary>What counts as one.</summary>
    protected virtual TKey Normalize(TKey key) => key;

    private bool IsOver(long attempt) => Time.GetElapsedTime(attempt) >= window;

    // Whoever was heard of once is not remembered for ever.
    private void Sweep()
    {
        if (!IsOver(_swept))
        {
            return;
        }

        _swept = Time.GetTimestamp();
        foreach (var (key, attempts) in _attempts)
        {
            attempts.RemoveAll(IsOver);
            if (attempts.Count == 0)
            {
                _attempts.Remove(key);
            }
        }
    }
}
