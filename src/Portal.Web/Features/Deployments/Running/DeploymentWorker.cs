using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Deployments.Running;

/// <summary>Claims deployments and runs them, some beside each other; in every portal that shares the database.</summary>
internal sealed partial class DeploymentWorker(
    DeploymentTools tools,
    DeploymentSignal signal,
    IDbContextFactory<PortalDbContext> contexts,
    IAuditLog audit,
    ILogger<DeploymentWorker> logger)
    : BackgroundService
{
    private readonly Guid _owner = Guid.NewGuid();
    private readonly ILogger _logger = logger;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                running.RemoveAll(task => task.IsCompleted);
                var claim = running.Count < tools.Options.AtOnce ? await TryClaimAsync(stoppingToken) : null;
                if (claim is null)
                {
                    await signal.WaitAsync(tools.Options.Poll, stoppingToken);
                }
                else
                {
                    running.Add(Task.Run(() => RunAsync(claim, stoppingToken), CancellationToken.None));
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task<Deployment?> TryClaimAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await tools.Store.ClaimAsync(_owner, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotClaimed(failure);
            return null;
        }
    }

    private async Task RunAsync(Deployment claim, CancellationToken stopping)
    {
        using var cancelled = new CancellationTokenSource();
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var done = new CancellationTokenSource();
        var beating = BeatAsync(claim, cancelled, lost, done.Token);
        try
        {
            var journal = new DeploymentJournal(contexts, claim.Id, tools.Time);
            var (state, message) = await new DeploymentRun(tools, claim, journal, cancelled.Token, lost.Token).ExecuteAsync();
            LogEnded(claim.StackName, claim.Revision, state, message);
            await RecordAsync(claim, state, message);
        }
        catch (Exception) when (lost.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            LogLost(claim.StackName);
        }
        catch (LeaseLostException)
        {
            LogLost(claim.StackName);
        }
        catch (Exception failure)
        {
            if (!stopping.IsCancellationRequested)
            {
                LogBroken(claim.StackName, failure);
            }

            await ReleaseAsync(claim, stopping);
        }
        finally
        {
            await done.CancelAsync();
            await beating;
            signal.Set();
        }
    }

    // After a fault of the database another try is due when the lease has run out; a portal that stops lets others go on at once.
    private async Task ReleaseAsync(Deployment claim, CancellationToken stopping)
    {
        try
        {
            if (stopping.IsCancellationRequested)
            {
                await tools.Store.ReleaseAsync(claim, CancellationToken.None);
            }
        }
        catch (Exception failure)
        {
            LogNotClaimed(failure);
        }
    }

    // A portal that can't renew its lease has lost it when it runs out, whatever the reason: another may have it.
    private async Task BeatAsync(
        Deployment claim, CancellationTokenSource cancelled, CancellationTokenSource lost, CancellationToken done)
    {
        var renewed = tools.Time.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(tools.Options.Heartbeat, tools.Time, done);
                try
                {
                    var begun = tools.Time.GetTimestamp();
                    using var most = CancellationTokenSource.CreateLinkedTokenSource(done);
                    most.CancelAfter(tools.Options.Lease / 3);
                    var isCancelled = await tools.Store.BeatAsync(claim, most.Token);
                    if (isCancelled is null)
                    {
                        await lost.CancelAsync();
                        return;
                    }

                    renewed = begun;
                    if (isCancelled.Value)
                    {
                        await cancelled.CancelAsync();
                    }
                }
                catch (Exception failure) when (!done.IsCancellationRequested)
                {
                    LogNotRenewed(claim.StackName, failure.Message);
                    if (tools.Time.GetElapsedTime(renewed) > tools.Options.Lease / 2)
                    {
                        await lost.CancelAsync();
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // It has ended.
        }
    }

    private Task RecordAsync(Deployment claim, DeploymentState state, string message)
    {
        var actor = claim.ActorId is { } id ? new Actor(id, claim.ActorName, "") : Actor.Portal with { UserName = claim.ActorName };
        var outcome = state == DeploymentState.Succeeded ? AuditOutcome.Succeeded : AuditOutcome.Failed;
        var detail = AuditEntry.Join($"revision {claim.Revision}, {claim.CauseText}", message.Length > 0 ? message : null);
        var action = $"stack.{claim.Operation.ToLowerInvariant()}";
        return audit.WriteAsync(
            new AuditEntry(actor, action, "stack", $"{claim.StackId}", claim.StackName, claim.AuditNode(), outcome, detail),
            CancellationToken.None);
    }

    [LoggerMessage(2500, LogLevel.Information, "Deployment of '{Stack}', revision {Revision}: {State}. {Reason}")]
    private partial void LogEnded(string stack, int revision, DeploymentState state, string reason);

    [LoggerMessage(2501, LogLevel.Warning, "Another portal goes on with the deployment of '{Stack}'.")]
    private partial void LogLost(string stack);

    [LoggerMessage(2502, LogLevel.Error, "The deployment of '{Stack}' broke off; it is begun again when its lease has run out.")]
    private partial void LogBroken(string stack, Exception failure);

    [LoggerMessage(2503, LogLevel.Warning, "The queue of deployments could not be read or written; it is tried again.")]
    private partial void LogNotClaimed(Exception failure);

    [LoggerMessage(2504, LogLevel.Warning, "The lease of the deployment of '{Stack}' could not be renewed: {Reason}")]
    private partial void LogNotRenewed(string stack, string reason);
}
