namespace Portal.Engine.Containers.Restarts;

/// <summary>How long a restart policy waits: Docker's 100 ms, doubled for each short run in a row, at most a minute.</summary>
internal static class RestartBackOff
{
    /// <summary>A run of this length counts as a success, and the wait begins anew.</summary>
    public static readonly TimeSpan LongRun = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    /// <summary>The wait after so many short runs in a row.</summary>
    public static TimeSpan Delay(int shortRuns)
    {
        // 2^10 times 100 ms is above a minute; a larger shift would overflow some day.
        var factor = 1 << Math.Clamp(shortRuns - 1, 0, 10);
        var delay = s_first * factor;
        return delay < s_longest ? delay : s_longest;
    }
}
