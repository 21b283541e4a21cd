using System.Collections.Concurrent;
using System.Net;

namespace Portal.Engine.Networks.Dns;

/// <summary>
/// Answers of other servers, each for the shortest time of its records, and what does not exist for a shorter one (RFC 2308). Bounded
/// in number and in bytes: a container that asks for ever new names pushes out what is old and takes no memory. Thread-safe.
/// </summary>
internal sealed class DnsCache(TimeProvider time)
{
    private const int MostAnswers = 4096;
    private const int LongestAnswer = 4096;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan s_longestNothing = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Known> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    /// <summary>How many answers are remembered.</summary>
    public int Count => _answers.Count;

    /// <summary>
    /// What distinguishes queries: all but the id and the case of letters, the servers asked, and how long an answer may be. So nobody gets
    /// an answer to a question that differs in any bit, or one of servers that another container trusts.
    /// </summary>
    public static string KeyOf(byte[] query, IReadOnlyList<IPAddress> servers, bool isStream)
    {
        var rest = query.AsSpan(2).ToArray();
        _ = DnsQuestion.TryRead(query, out var question);
        for (var at = DnsQuestion.HeaderLength - 2; at < (question?.End ?? 0) - 6; at++)
        {
            rest[at] = rest[at] is >= (byte)'A' and <= (byte)'Z' ? (byte)(rest[at] | 0x20) : rest[at];
        }

        return $"{isStream} {string.Join(',', servers)} {Convert.ToHexString(rest)}";
    }

    /// <summary>An answer that may still be given, with the times of its records as they are now; null when there is none.</summary>
    public byte[]? Find(string key)
    {
        if (!_answers.TryGetValue(key, out var known))
        {
            return null;
        }

        var now = time.GetUtcNow();
        if (known.Until <= now)
        {
            _answers.TryRemove(key, out _);
            return null;
        }

        return DnsRecords.Aged(known.Answer, (uint)(now - known.Since).TotalSeconds);
    }

    /// <summary>Remembers an answer, when it may be.</summary>
    public void Add(string key, byte[] answer)
    {
        if (answer.Length > LongestAnswer || DnsRecords.TimeToLive(answer) is not { } seconds || seconds == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        var longest = DnsRecords.IsNothing(answer) ? s_longestNothing : s_longest;
        var lives = TimeSpan.FromSeconds(Math.Min(seconds, longest.TotalSeconds));
        if (_answers.TryAdd(key, new Known(answer, now, now + lives)))
        {
            _order.Enqueue(key);
        }

        // What has ended meanwhile is in the queue all the same, so its length bounds both.
        while (_order.Count > MostAnswers && _order.TryDequeue(out var oldest))
        {
            _answers.TryRemove(oldest, out _);
        }
    }

    private sealed record Known(byte[] Answer, DateTimeOffset Since, DateTimeOffset Until);
}
