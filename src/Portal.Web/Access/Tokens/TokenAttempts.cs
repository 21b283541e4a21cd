using System.Collections.Concurrent;
using System.Net;
using System.Threading.RateLimiting;
using Portal.Web.Security;

namespace Portal.Web.Access.Tokens;

/// <summary>
/// Bounds wrong tokens from one client (<see cref="ClientNetwork"/>): 20 at once, then one every three seconds. Tokens that were good a
/// short while ago go on: one program with an old token must not shut out the others behind the same address.
/// </summary>
/// <remarks>Singleton; any thread. Each portal counts for itself.</remarks>
internal sealed class TokenAttempts(TimeProvider time) : IDisposable
{
    private const int MostKnown = 10_000;
    private static readonly TimeSpan s_known = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, long> _known = new(StringComparer.Ordinal);
    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
        address => RateLimitPartition.GetTokenBucketLimiter(ClientNetwork.Of(address), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 20,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(3),
        }));

    /// <summary>False while the client has shown too many wrong ones, unless this one was good.</summary>
    public bool MayTry(IPAddress address, byte[] hash)
    {
        if (_known.TryGetValue(Convert.ToHexString(hash), out var since) && time.GetElapsedTime(since) < s_known)
        {
            return true;
        }

        using var lease = _limiter.AttemptAcquire(address, permitCount: 0);
        return lease.IsAcquired;
    }

    public void Failed(IPAddress address, byte[] hash)
    {
        _known.TryRemove(Convert.ToHexString(hash), out _);
        using var lease = _limiter.AttemptAcquire(address);
    }

    public void Succeeded(byte[] hash)
    {
        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        _known[Convert.ToHexString(hash)] = time.GetTimestamp();
    }

    public void Dispose() => _limiter.Dispose();
}
