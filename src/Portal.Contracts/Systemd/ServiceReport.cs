using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portal.Contracts.Systemd;

/// <summary>
/// Tells the service manager when the process is ready and when it stops, and, where it watches, that the process works: in each third
/// of its time, and only after a call like those of clients was answered. A process that runs but answers nobody is started again.
/// </summary>
/// <remarks>A hosted service. Does nothing without a service manager.</remarks>
public sealed partial class ServiceReport : IHostedLifecycleService, IDisposable
{
    private readonly ServiceManager? _manager;
    private readonly Func<CancellationToken, Task> _probe;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;

    /// <summary>Makes the report of a process.</summary>
    /// <param name="manager">Who is told; null for nobody.</param>
    /// <param name="probe">Calls the process as a client does; throws when it does not answer.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of probes that fail.</param>
    public ServiceReport(ServiceManager? manager, Func<CancellationToken, Task> probe, TimeProvider time, ILogger<ServiceReport> logger)
    {
        _manager = manager;
        _probe = probe;
        _time = time;
        _logger = logger;
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _manager?.TellReady();
        if (_manager?.Watchdog is { } patience)
        {
            _watching = WatchAsync(_manager, patience / 3);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // The time to stop is the service manager's own to watch (TimeoutStopSec).
        _manager?.TellStopping();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task WatchAsync(ServiceManager manager, TimeSpan period)
    {
        while (!_stopping.IsCancellationRequested)
        {
            using var deadline = new CancellationTokenSource(period, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stopping.Token);
            try
            {
                await _probe(either.Token).ConfigureAwait(false);
                manager.TellAlive();
            }
            catch (Exception failure) when (!_stopping.IsCancellationRequested)
            {
                // Whatever it is, no client would have been answered either.
                LogSilent(failure);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(period, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(7201, LogLevel.Warning,
        "This process does not answer its own call. The service manager starts it again if that goes on.")]
    private partial void LogSilent(Exception failure);
}
