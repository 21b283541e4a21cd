using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;
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
            .ToListAsync(cancellationToken)).SingleOrDefault() ?? throw new StackException("There is no such stack any more.");
        var revision = order.Revision ?? stack.Revision;
        if (!await database.StackRevisions.AnyAsync(row => row.StackId == stack.Id && row.Number == revision, cancellationToken))
        {
            throw new StackException($"The stack '{stack.Name}' has no revision {revision}.");
        }

        var row = RowOf(order, stack, revision);
        if (order.IsAutomatic && stack.Intent != nameof(StackIntent.Running))
        {
            (row.State, row.FinishedAt) = (nameof(DeploymentState.Skipped), row.CreatedAt);
            row.Message = $"Somebody {(stack.Intent == nameof(StackIntent.Stopped) ? "stopped" : "removed")} the stack. "
                + "It is not started by anything automatic; deploy it by hand.";
        }
        else
        {
            await SupersedeAsync(database, row, order.IsAutomatic, cancellationToken);
            Remember(stack, order);
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
        var waited = await database.Deployments.Where(row => row.Id == deploymentId && row.State == "Queued").ExecuteUpdateAsync(
            change => change.SetProperty(row => row.State, nameof(DeploymentState.Cancelled)).SetProperty(row => row.FinishedAt, now)
                .SetProperty(row => row.CancelledAt, now).SetProperty(row => row.CancelledBy, name)
                .SetProperty(row => row.Message, $"Cancelled by {name} before it began."),
            cancellationToken);
        return waited > 0 || await database.Deployments
            .Where(row => row.Id == deploymentId && row.State == "Running" && row.CancelledAt == null).ExecuteUpdateAsync(
                change => change.SetProperty(row => row.CancelledAt, now).SetProperty(row => row.CancelledBy, name),
                cancellationToken) > 0;
    }

    private static void Remember(Stack stack, DeploymentOrder order)
    {
        stack.Intent = order.Operation switch
        {
            DeploymentOperation.Stop => nameof(StackIntent.Stopped),
            DeploymentOperation.Remove => nameof(StackIntent.Removed),
            _ => nameof(StackIntent.Running),
        };
        if (order.Scales is { } scales)
        {
            stack.Scales = JsonSerializer.Serialize(scales);
        }
    }

    // What a person asked for is not put aside by anything automatic; that queues behind it.
    private static async Task SupersedeAsync(
        PortalDbContext database, Deployment newer, bool isAutomatic, CancellationToken cancellationToken)
    {
        string[] people = isAutomatic ? [nameof(DeploymentCause.Person), nameof(DeploymentCause.Rollback)] : [];
        await database.Deployments
            .Where(row => row.StackId == newer.StackId && row.State == "Queued" && !people.Contains(row.Cause))
            .ExecuteUpdateAsync(
                change => change.SetProperty(row => row.State, nameof(DeploymentState.Superseded))
                    .SetProperty(row => row.SupersededBy, newer.Id).SetProperty(row => row.FinishedAt, newer.CreatedAt)
                    .SetProperty(row => row.Message, $"{newer.ActorName} asked for a newer one before this began."),
                cancellationToken);
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
        };
    }
}
