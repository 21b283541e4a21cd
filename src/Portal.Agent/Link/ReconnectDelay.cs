namespace Portal.Agent.Link;

/// <summary>
/// How long to wait before the next attempt: nothing after a connection that stood, then doubling from a quarter
/// of a second, so that a host is
/// online within two seconds of the network's return; slowly when the portal answers but fails, or refuses.
/// </summary>
/// <remarks>One for each connection; not thread-safe.</remarks>
internal sealed class ReconnectDelay(Random random)
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_unreachableCap = TimeSpan.FromMilliseconds(1000);
    private static readonly TimeSpan s_failingCap = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_refused = TimeSpan.FromSeconds(30);

    private int _failures;

    /// <summary>A connection stood.</summary>
    public void Reset() => _failures = 0;

    /// <summary>The wait after one more failure.</summary>
    /// <param name="problem">Why the attempt failed.</param>
    public TimeSpan Next(LinkProblem problem)
    {
        if (problem == LinkProblem.Refused)
        {
            return Jitter(s_refused);
        }

        var cap = problem == LinkProblem.Failing ? s_failingCap : s_unreachableCap;
        var wait = _failures == 0 ? TimeSpan.Zero : s_first * Math.Pow(2, Math.Min(_failures - 1, 10));
        _failures++;
        return Jitter(wait < cap ? wait : cap);
    }

    // Between three quarters and all of it: a thousand agents do not come back in the same instant.
    private TimeSpan Jitter(TimeSpan wait) => wait * (0.75 + (random.NextDouble() * 0.25));
}
