namespace Portal.Agent.Memory;

/// <summary>
/// Gives memory back when work is done. The collector runs when memory is allocated: what the last burst of work needed would stay
/// until the next one. A collection takes about 10 ms, at a moment when nobody waits for anything.
/// </summary>
internal sealed class IdleCollection(TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var gauge = new IdleGauge();
        using var timer = new PeriodicTimer(s_interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            if (gauge.IsDue(GC.GetTotalAllocatedBytes()))
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
        }
    }
}
