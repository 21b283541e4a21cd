using System.Collections.Concurrent;
using Portal.Contracts.Hubs;

namespace Portal.Agent.Telemetry;

/// <summary>The logs that the portal watches over one connection.</summary>
internal sealed partial class LogWatches(TelemetrySources sources, Func<LogBatch, Task> send, ILogger logger) : IAsyncDisposable
{
    private const int MostWatches = 1000;
    private readonly ConcurrentDictionary<string, (CancellationTokenSource Stopping, Task Running)> _watches = new(StringComparer.Ordinal);

    public void Begin(LogSubscription subscription, CancellationToken cancellationToken)
    {
        if (_watches.Count >= MostWatches || _watches.ContainsKey(subscription.SubscriptionId))
        {
            return;
        }

        var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _watches[subscription.SubscriptionId] = (stopping, RunAsync(subscription, stopping.Token));
    }

    public void End(string subscriptionId)
    {
        if (_watches.TryRemove(subscriptionId, out var watch))
        {
            watch.Stopping.Cancel();
        }
    }

    public async ValueTask DisposeAsync()
    {
        var running = _watches.Values.ToArray();
        _watches.Clear();
        foreach (var (stopping, task) in running)
        {
            await stopping.CancelAsync().ConfigureAwait(false);
            await task.ConfigureAwait(false);
            stopping.Dispose();
        }
    }

    private async Task RunAsync(LogSubscription subscription, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            await new LogUplink(sources.Logs, subscription, sources.Time).RunAsync(send, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody watches any more.
        }
        catch (Exception failure)
        {
            // With the connection gone the portal asks again on the next one; a bug must not end the other watches.
            LogEnded(logger, subscription.ContainerId, failure);
        }
        finally
        {
            _watches.TryRemove(subscription.SubscriptionId, out _);
        }
    }

    [LoggerMessage(3310, LogLevel.Debug, "The watch of container {ContainerId}'s log ended early.")]
    private static partial void LogEnded(ILogger logger, string containerId, Exception failure);
}
