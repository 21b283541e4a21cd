using Npgsql;
using Portal.Data.Locks;

namespace Portal.Web.Reconcilers;

/// <summary>
/// Work that must happen once however many portals share the database: one round after another, in the portal that holds an advisory lock.
/// When that portal ends, another goes on within a round.
/// </summary>
/// <remarks>
/// A round must be idempotent: the lock may be lost in the middle of it, with its connection, and another portal may begin the same
/// round. Failures are logged and the next round tries again.
/// </remarks>
internal abstract partial class SoleWorker(NpgsqlDataSource database, long lockKey, TimeSpan interval, TimeProvider time, ILogger logger)
    : BackgroundService
{
    private AdvisoryLock? _lock;

    /// <summary>What is done, for the log.</summary>
    protected abstract string Name { get; }

    /// <summary>One round, under the lock.</summary>
    protected abstract Task RunRoundAsync(CancellationToken cancellationToken);

    /// <summary>The lock was taken: another portal may have done the rounds before this one.</summary>
    protected virtual Task BeginAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            do
            {
                await TryRoundAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal stops.
        }
        finally
        {
            await ReleaseAsync();
        }
    }

    private async Task TryRoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await HoldsLockAsync(cancellationToken))
            {
                await RunRoundAsync(cancellationToken);
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogRoundFailed(logger, Name, failure);
            await ReleaseAsync();
        }
    }

    private async Task<bool> HoldsLockAsync(CancellationToken cancellationToken)
    {
        if (_lock is not null)
        {
            return await _lock.IsHeldAsync(cancellationToken);
        }

        _lock = await AdvisoryLock.TryTakeAsync(database, lockKey, cancellationToken);
        if (_lock is null)
        {
            return false;
        }

        LogBegun(logger, Name);
        await BeginAsync(cancellationToken);
        return true;
    }

    private async Task ReleaseAsync()
    {
        if (_lock is { } held)
        {
            _lock = null;
            await held.DisposeAsync();
        }
    }

    [LoggerMessage(2400, LogLevel.Debug, "This portal now does what one portal does alone: {Work}.")]
    private static partial void LogBegun(ILogger logger, string work);

    [LoggerMessage(2401, LogLevel.Warning, "A round of '{Work}' failed; it is tried again.")]
    private static partial void LogRoundFailed(ILogger logger, string work, Exception failure);
}
