using System.Collections.Concurrent;
using Npgsql;

namespace Portal.Web.Identity.Sessions;

/// <summary>
/// Hears from the database which sessions were ended, by whichever portal, and tells who waits for that. Also ends those that are too old.
/// </summary>
/// <remarks>
/// Singleton; any thread. Notices that came while the connection was gone are lost: once it is back, everybody who waits looks again.
/// </remarks>
internal sealed partial class SessionEndings(
    NpgsqlDataSource database, SessionStore sessions, TimeProvider time, ILogger<SessionEndings> logger) : BackgroundService
{
    private const string Channel = "portal_sessions";
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_sweep = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<Watch, Guid> _watches = [];

    /// <summary>Calls <paramref name="lookAgain"/> when the session may have ended, until it is disposed.</summary>
    /// <param name="sessionId">Which.</param>
    /// <param name="lookAgain">Called on any thread, and at times for nothing; returns at once.</param>
    public IDisposable Subscribe(Guid sessionId, Action lookAgain)
    {
        var watch = new Watch(lookAgain, this);
        _watches[watch] = sessionId;
        return watch;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(RunAsync(ListenAsync, s_pause, stoppingToken), RunAsync(sessions.EndExpiredAsync, s_sweep, stoppingToken));

    private async Task RunAsync(Func<CancellationToken, Task> work, TimeSpan pause, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await work(cancellationToken);
                await Task.Delay(pause, time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                LogFailed(failure);
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notice) => Tell(Guid.TryParse(notice.Payload, out var id) ? id : null);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        Tell(null);
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    private void Tell(Guid? sessionId)
    {
        foreach (var (watch, id) in _watches)
        {
            if (sessionId is null || id == sessionId)
            {
                watch.LookAgain();
            }
        }
    }

    [LoggerMessage(2030, LogLevel.Warning, "Can't look after the ends of sessions now; trying again")]
    private partial void LogFailed(Exception failure);

    private sealed class Watch(Action lookAgain, SessionEndings endings) : IDisposable
    {
        public Action LookAgain { get; } = lookAgain;

        public void Dispose() => endings._watches.TryRemove(this, out _);
    }
}
