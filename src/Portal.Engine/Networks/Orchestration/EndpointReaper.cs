using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Networks.Orchestration;

/// <summary>
/// Takes links of ended containers away in the background: the kernel waits for every processor to let go of a link, which a
/// stop must not wait for. What is still queued when the engine dies is found as a stray by the next one.
/// </summary>
internal sealed partial class EndpointReaper : IAsyncDisposable
{
    private readonly Channel<Removal> _queue = Channel.CreateUnbounded<Removal>(new() { SingleReader = true });
    private readonly ILogger<EndpointReaper> _logger;
    private readonly Task _loop;

    public EndpointReaper(ILogger<EndpointReaper> logger)
    {
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Queues a removal.</summary>
    /// <param name="driver">Made the endpoint.</param>
    /// <param name="endpoint">What to remove.</param>
    /// <param name="removed">Called once it is gone, and only then: nothing may use its address before.</param>
    public void Add(INetworkDriver driver, NetworkEndpoint endpoint, Action removed)
    {
        if (!_queue.Writer.TryWrite(new Removal(driver, endpoint, removed, null)))
        {
            Remove(new Removal(driver, endpoint, removed, null));
        }
    }

    /// <summary>Waits until everything that was queued so far is done.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_queue.Writer.TryWrite(new Removal(null, null, null, reached)))
        {
            await reached.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        await foreach (var removal in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            Remove(removal);
        }
    }

    private void Remove(Removal removal)
    {
        removal.Reached?.TrySetResult();
        if (removal is not { Driver: { } driver, Endpoint: { } endpoint })
        {
            return;
        }

        try
        {
            driver.Disconnect(endpoint, null);
            removal.Removed?.Invoke();
        }
        catch (Exception exception)
        {
            // The address stays taken, so that nobody else gets it while the link may answer; the next reconcile frees both.
            LogFailed(endpoint.HostInterfaceName ?? endpoint.EndpointId, exception);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Removing the link {Link} of an ended container failed; it is tried again at the next start")]
    private partial void LogFailed(string link, Exception exception);

    private sealed record Removal(INetworkDriver? Driver, NetworkEndpoint? Endpoint, Action? Removed, TaskCompletionSource? Reached);
}
