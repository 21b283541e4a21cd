using System.Net;
using Portal.Web.Security;

namespace Portal.Web.Identity;

/// <summary>
/// Bounds how often one address may try passwords, so that they can't be guessed across many accounts. Only failures count in the end:
/// an attempt counts from its beginning, so that many at once get no further, and is given back when the password was right.
/// </summary>
/// <remarks>Singleton; any thread. Each portal counts for itself.</remarks>
internal sealed class SignInLimiter(TimeProvider time)
{
    private const int Limit = 10;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, List<long>> _attempts = [];
    private long _swept = time.GetTimestamp();

    /// <summary>False when the address has failed too often within the last minute.</summary>
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
            if (attempts.Count >= Limit)
            {
                return false;
            }

            attempts.Add(time.GetTimestamp());
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

    private bool IsOver(long attempt) => time.GetElapsedTime(attempt) >= s_window;

    // Whoever was heard of once is not remembered for ever.
    private void Sweep()
    {
        if (!IsOver(_swept))
        {
            return;
        }

        _swept = time.GetTimestamp();
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
