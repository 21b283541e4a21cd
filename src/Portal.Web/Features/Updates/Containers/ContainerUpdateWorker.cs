using Portal.Data.Entities.Images;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments.Node;

namespace Portal.Web.Features.Updates.Containers;

/// <summary>Works on updates of containers, in every portal that shares the database; what a portal left in the middle, another ends.</summary>
internal sealed partial class ContainerUpdateWorker(
    ContainerUpdateStore store, ContainerUpdateRun run, ContainerUpdateSignal signal, IAuditLog audit, TimeProvider time,
    ILogger<ContainerUpdateWorker> logger) : BackgroundService
{
    private const int AtOnce = 4;
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_away = TimeSpan.FromSeconds(10);

    // After that somebody has to look: nobody keeps a node waited for.
    private static readonly TimeSpan s_patience = TimeSpan.FromDays(1);

    /// <summary>Works on one until it ends, is to be gone on with later, or this portal stops.</summary>
    /// <returns>False when there is none.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (await store.ClaimAsync(cancellationToken) is not { } update)
        {
            return false;
        }

        await WorkAsync(update, cancellationToken);
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            running.RemoveAll(task => task.IsCompleted);
            try
            {
                if (running.Count < AtOnce && await store.ClaimAsync(stoppingToken) is { } update)
                {
                    running.Add(Task.Run(() => WorkAsync(update, stoppingToken), CancellationToken.None));
                    continue;
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogRoundFailed(failure);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            await signal.WaitAsync(s_look, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(running);
    }

    private async Task WorkAsync(ContainerUpdate update, CancellationToken stopping)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var done = new CancellationTokenSource();
        var beating = BeatAsync(update, lost, done.Token);
        try
        {
            var (state, message) = await run.ExecuteAsync(update, lost.Token);
            await store.FinishAsync(update, state, message);
            LogEnded(update.Name, update.NodeName, state, message);
            var outcome = state == ContainerUpdateState.Succeeded ? AuditOutcome.Succeeded : AuditOutcome.Failed;
            await audit.WriteAsync(
                new AuditEntry(
                    new Actor(update.ActorId, update.ActorName, update.Address), "container.update_image", "container", update.ContainerId,
                    update.Name, update.NodeId, outcome, message),
                CancellationToken.None);
        }
        catch (NodeAwayException failure) when (time.GetUtcNow() - update.CreatedAt < s_patience)
        {
            LogAway(update.Name, update.NodeName, failure.Message);
            await store.ReleaseAsync(update, s_away);
        }
        catch (OperationCanceledException)
        {
            await store.ReleaseAsync(update, TimeSpan.Zero);
        }
        catch (Exception failure)
        {
            LogBroken(update.Name, update.NodeName, failure);
            if (time.GetUtcNow() - update.CreatedAt >= s_patience)
            {
                await store.FinishAsync(update, ContainerUpdateState.Failed, E("It was given up in the middle: {0:said}", failure.Message));
            }
        }
        finally
        {
            await done.CancelAsync();
            await beating;
            signal.Set();
        }
    }

    private async Task BeatAsync(ContainerUpdate update, CancellationTokenSource lost, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            await Task.Delay(store.Lease / 4, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (!done.IsCancellationRequested && !await store.BeatAsync(update, done))
                {
                    await lost.CancelAsync();
                    return;
                }
            }
            catch (Exception failure) when (!done.IsCancellationRequested)
            {
                // Once the claim is over another may have it: whatever is written then is refused.
                LogRoundFailed(failure);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(2595, LogLevel.Information, "The update of '{Container}' on '{Node}' ended, {State}: {Message}")]
    private partial void LogEnded(string container, string node, ContainerUpdateState state, string message);

    [LoggerMessage(2596, LogLevel.Warning, "The update of '{Container}' waits for '{Node}': {Reason}")]
    private partial void LogAway(string container, string node, string reason);

    [LoggerMessage(2597, LogLevel.Error, "The update of '{Container}' on '{Node}' failed; it is gone on with when the claim is over.")]
    private partial void LogBroken(string container, string node, Exception failure);

    [LoggerMessage(2598, LogLevel.Warning, "Updates of containers could not be looked at; it is tried again.")]
    private partial void LogRoundFailed(Exception failure);
}
