using System.Collections.Concurrent;
using System.Net;
using Portal.Web.Security;

namespace Portal.Web.Access.Tokens;

/// <summary>
/// Twenty wrong tokens a minute from one client. Tokens that were good a short while ago go on: one program with an old token must not shut
/// out the others behind the same address.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class TokenAttempts(TimeProvider time) : ClientLimiter(time, limit: 20, window: TimeSpan.FromMinutes(1))
{
    private const int MostKnown = 10_000;
    private static readonly TimeSpan s_known = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, long> _known = new(StringComparer.Ordinal);

    /// <summary>False while the client has shown too many wrong ones, unless this one was good.</summary>
    public bool TryBegin(IPAddress address, byte[] hash) => IsKnown(hash) || TryBegin(address);

    /// <summary>The attempt that began was no failure.</summary>
    public void Succeeded(IPAddress address, byte[] hash)
    {
        if (!IsKnown(hash))
        {
            Succeeded(address);
        }

        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        _known[Convert.ToHexString(hash)] = Time.GetTimestamp();
    }

    /// <summary>The attempt that began was wrong: the token's good time is over.</summary>
    public void Failed(byte[] hash) => _known.TryRemove(Convert.ToHexString(hash), out _);

    private bool IsKnown(byte[] hash) =>
        _known.TryGetValue(Convert.ToHexString(hash), out var since) && Time.GetElapsedTime(since) < s_known;
}
