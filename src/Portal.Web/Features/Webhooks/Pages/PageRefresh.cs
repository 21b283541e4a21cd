namespace Portal.Web.Features.Webhooks.Pages;

/// <summary>Reads what a page shows again and again while it is open.</summary>
internal static class PageRefresh
{
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
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }
}
