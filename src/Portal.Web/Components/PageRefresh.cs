namespace Portal.Web.Components;

/// <summary>Does something again and again while a page is open, such as reading what it shows.</summary>
internal static class PageRefresh
{
    /// <param name="interval">How long it waits before each time.</param>
    /// <param name="time">The clock.</param>
    /// <param name="read">What is done.</param>
    /// <param name="closed">Ends when the page is left.</param>
    public static async Task RunAsync(TimeSpan interval, TimeProvider time, Func<Task> read, CancellationToken closed)
    {
        try
        {
            using var timer = new PeriodicTimer(interval, time);
            while (await timer.WaitForNextTickAsync(closed))
            {
                await read();
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException && closed.IsCancellationRequested)
        {
            // The page was left, and maybe its circuit with it.
        }
    }
}
