namespace Portal.Agent.Memory;

/// <summary>Says when a process has become idle after work that left garbage, from how much it has allocated. One caller.</summary>
internal sealed class IdleGauge
{
    /// <summary>Bytes between two looks below which nothing is going on: statistics that somebody watches take less.</summary>
    public const long Quiet = 512 * 1024;

    /// <summary>Bytes since the last collection below which one is not worth its pause.</summary>
    public const long Worthwhile = 8 * 1024 * 1024;

    private long _last;
    private long _collected;

    /// <summary>Looks.</summary>
    /// <param name="allocated">Bytes that the process has allocated since its start.</param>
    /// <returns>True when garbage is to be collected now.</returns>
    public bool IsDue(long allocated)
    {
        var isQuiet = allocated - _last < Quiet;
        _last = allocated;
        if (!isQuiet || allocated - _collected < Worthwhile)
        {
            return false;
        }

        _collected = allocated;
        return true;
    }
}
