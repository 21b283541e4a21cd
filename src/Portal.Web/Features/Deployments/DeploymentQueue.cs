using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments.Holding;
using Portal.Web.Features.Deployments.Running;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Deployments;

internal sealed class DeploymentQueue(IDbContextFactory<PortalDbContext> contexts, DeploymentSignal signal, TimeProvider time)
    : IDeployments
{
    private const int LongestCause = 512;
    private const int LongestName = 256;

    public async Task<Guid> EnqueueAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);

        // The stack's row is the lock: whoever comes at the same time queues behind this one.
        var stack = (await database.Stacks.FromSql($"select * from stacks where id = {order.StackId} for update")
            .ToListAsync(cancellationToken)).SingleOrDefault() ?? throw new StackException(N("There is no such stack any more."));
        var revision = order.Revision ?? stack.Revision;
        if (!await database.StackRevisions.AnyAsync(row => row.StackId == stack.Id && row.Number == revision, cancellationToken))
        {
            throw new StackException(E("The stack '{0}' has no revision {1}.", stack.Name, revision));
        }

        var row = RowOf(order, stack, revision);
        if (!DeploymentHold.Skip(row, stack) && !await DeploymentHold.SkipPlacementAsync(database, row, stack, cancellationToken))
        {
            await DeploymentHold.EnterAsync(database, row, stack, order.OverridesWindow, cancellationToken);
        }

        database.Deployments.Add(row);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signal.Set();
        return row.Id;
    }

    public async Task<bool> CancelAsync(Guid deploymentId, string by, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var name = Cut(by, LongestName);
        var message = E("Cancelled by {0} before it began.", name);
        var waiting = database.Deployments.Where(row => row.Id == deploymentId && DeploymentHold.Waiting.Contains(row.State));
        var waited = await waiting.ExecuteUpdateAsync(
            change => change.SetProperty(row => row.State, nameof(DeploymentState.Cancelled)).SetProperty(row => row.FinishedAt, now)
                .SetProperty(row => row.CancelledAt, now).SetProperty(row => row.CancelledBy, name)
                .SetProperty(row => row.Message, message),
            cancellationToken);
        if (waited == 0
            && await PausedDeployments.TakeUpAsync(database, deploymentId, name, isBack: true, isCancelled: true, cancellationToken))
        {
            signal.Set();
            return true;
        }

        return waited > 0 || await database.Deployments
            .Where(row => row.Id == deploymentId && row.State == "Running" && row.CancelledAt == null).ExecuteUpdateAsync(
                change => change.SetProperty(row => row.CancelledAt, now).SetProperty(row => row.CancelledBy, name),
                cancellationToken) > 0;
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    private Deployment RowOf(DeploymentOrder order, Stack stack, int revision)
    {
        var now = time.GetUtcNow();
        return new Deployment
        {
            Id = Guid.CreateVersion7(now),
            StackId = stack.Id,
            StackName = stack.Name,
            NodeId = stack.NodeId,
            NodeName = stack.NodeName,
            EnvironmentId = stack.EnvironmentId,
            Operation = order.Operation.ToString(),
            Revision = revision,
            Cause = order.Cause.ToString(),
            CauseText = Cut(order.CauseText, LongestCause),
            ActorId = order.ActorId,
            ActorName = Cut(order.ActorName, LongestName),
            PullPolicy = order.PullPolicy.ToString(),
            Force = order.Force,
            RemoveVolumes = order.RemoveVolumes,
            CreatedAt = now,
            State = nameof(DeploymentState.Queued),
            Phase = nameof(DeploymentPhase.Resolve),
            Scales = order.Scales is { } scales ? JsonSerializer.Serialize(scales) : null,
            AskedById = order.AskedById,
        };
    }
}
