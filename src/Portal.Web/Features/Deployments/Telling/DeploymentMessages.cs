using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Alerts;
using Portal.Data.Entities.Deployments;
using Portal.Web.Features.Alerts.Rules;
using Portal.Web.Features.Alerts.Sending;
using Portal.Web.Features.Environments.Rules;

namespace Portal.Web.Features.Deployments.Telling;

/// <summary>
/// Tells the targets that a stack has chosen what becomes of its deployments. Messages are written with what they tell of, in one
/// transaction, and are sent as alerts are: whatever portal dies, each is there once.
/// </summary>
internal static class DeploymentMessages
{
    /// <summary>Adds the messages for a deployment's new state; the caller writes them.</summary>
    /// <param name="database">With the transaction in which the deployment gets that state.</param>
    /// <param name="row">The deployment, as it is from then on.</param>
    /// <param name="happened">What is told.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task AddAsync(
        PortalDbContext database, Deployment row, DeploymentEvent happened, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var asked = happened is DeploymentEvent.AwaitsApproval or DeploymentEvent.NotApproved
            ? (await EnvironmentRules.OfAsync(database, row, cancellationToken)).ApprovalTargets : [];
        var chosen = row.Operation != nameof(DeploymentOperation.Deploy) ? null : await database.Stacks.AsNoTracking()
            .Where(stack => stack.Id == row.StackId && stack.ToldEvents.Contains(happened.ToString()))
            .Select(stack => stack.ToldTargets).SingleOrDefaultAsync(cancellationToken);
        var told = (chosen ?? []).Union(asked).ToArray();
        if (told.Length == 0)
        {
            return;
        }

        var message = MessageOf(row, happened).ToJson();
        var targets = await database.AlertTargets.Where(target => told.Contains(target.Id)).Select(target => target.Id)
            .ToListAsync(cancellationToken);
        database.AlertDeliveries.AddRange(targets.Select(target => new AlertDelivery
        {
            TargetId = target, Message = message, CreatedAt = now, DueAt = now,
        }));
    }

    /// <summary>What of its end is told; null for what is no end that anybody waits for.</summary>
    public static DeploymentEvent? EventOf(DeploymentState state, string phase) => state switch
    {
        DeploymentState.Succeeded => DeploymentEvent.Succeeded,
        DeploymentState.RolledBack => DeploymentEvent.RolledBack,
        DeploymentState.Cancelled when phase == nameof(DeploymentPhase.RollBack) => DeploymentEvent.RolledBack,
        DeploymentState.Failed or DeploymentState.Cancelled => DeploymentEvent.Failed,
        _ => null,
    };

    private static AlertMessage MessageOf(Deployment row, DeploymentEvent happened)
    {
        var (stack, node) = (row.StackName, row.NodeName);
        var (title, severity) = happened switch
        {
            DeploymentEvent.Started => (E("Deployment of {0:name} on {1} started", stack, node), "info"),
            DeploymentEvent.Succeeded => (E("Deployment of {0:name} on {1} succeeded", stack, node), "info"),
            DeploymentEvent.AwaitsApproval => (E("Deployment of {0:name} on {1} waits for approval", stack, node), "warning"),
            DeploymentEvent.NotApproved => (E("Deployment of {0:name} on {1} was not approved", stack, node), "warning"),
            DeploymentEvent.Paused => (E("Deployment of {0:name} on {1} failed and is paused", stack, node), "critical"),
            DeploymentEvent.RolledBack => (E("Deployment of {0:name} on {1} failed and was rolled back", stack, node), "warning"),
            _ => (E("Deployment of {0:name} on {1} failed", stack, node), "critical"),
        };
        var isOver = happened == DeploymentEvent.Succeeded;
        var cause = row.CauseText.Length > 0 ? row.CauseText : row.Cause;
        var what = E("revision {0} for {1} ({2})", row.Revision, row.ActorName, cause);
        var line = new AlertLine(
            isOver ? AlertStates.Resolved : AlertStates.Firing,
            N("Deployment"),
            stack,
            node,
            row.Message.Length == 0 ? what
                : E("revision {0} for {1} ({2}): {3:said}", row.Revision, row.ActorName, cause, row.Message),
            row.StartedAt ?? row.CreatedAt,
            $"deployments/{row.Id}");
        return new AlertMessage(title, severity, isOver, [line], 0, line.Link);
    }
}
