namespace Portal.Engine.Networks;

/// <summary>
/// How long this process's threads have stood still in calls that change the kernel's networks: for its locks, for the end of a grace period,
/// for a processor. None of it is work of the engine's, and none of it can be helped from here.
/// </summary>
/// <remarks>Whoever makes such calls adds to it, on any thread. Of use as a difference, and exact while one thing is done at a time.</remarks>
public static class KernelWaits
{
    private static long s_ticks;

    /// <summary>All waits since the start of the process.</summary>
    public static TimeSpan Total => new(Interlocked.Read(ref s_ticks));

    /// <summary>Adds a wait.</summary>
    /// <param name="wait">Its length; what is not positive (clocks differ by some microseconds) counts as none.</param>
    public static void Add(TimeSpan wait)
    {
        if (wait > TimeSpan.Zero)
        {
            Interlocked.Add(ref s_ticks, wait.Ticks);
        }
    }
}
