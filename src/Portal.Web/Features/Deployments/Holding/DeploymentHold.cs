using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments.Spreading;
using Portal.Web.Features.Deployments.Telling;
using Portal.Web.Features.Environments.Rules;

namespace Portal.Web.Features.Deployments.Holding;

/// <summary>
/// Decides whether a deployment may begin: what its environment asks for comes first. Only what brings something new is held;
/// starting, stopping
/// and removing what is there is not, nor is the way back that a failed deployment takes by itself.
/// </summary>
/// <remarks>All of it within the transaction that holds the lock of the stack's row.</remarks>
internal static class DeploymentHold
{
    /// <summary>States in which a deployment has changed nothing yet.</summary>
    public static IReadOnlyList<string> Waiting { get; } =
        [nameof(DeploymentState.AwaitingApproval), nameof(DeploymentState.AwaitingWindow), nameof(DeploymentState.Queued)];

    /// <summary>Puts one aside that nobody asked for when a person had stopped or removed the stack.</summary>
    public static bool Skip(Deployment row, Stack stack)
    {
        if (!IsAutomatic(row) || stack.Intent == nameof(StackIntent.Running) || IsMakingUp(row))
        {
            return false;
        }

        (row.State, row.FinishedAt) = (nameof(DeploymentState.Skipped), row.DecidedAt ?? row.CreatedAt);
        row.Message = stack.Intent == nameof(StackIntent.Stopped)
            ? N("Somebody stopped the stack. It is not started by anything automatic; deploy it by hand.")
            : N("Somebody removed the stack. It is not started by anything automatic; deploy it by hand.");
        return true;
    }

    /// <summary>
    /// Puts one aside that nodes are the cause of: while another is paused, since it would go back; and when it makes up for what a lost
    /// node missed and that is not wanted any more, since whatever else was asked for meanwhile knows of that node.
    /// </summary>
    public static async Task<bool> SkipPlacementAsync(
        PortalDbContext database, Deployment row, Stack stack, CancellationToken cancellationToken)
    {
        if (row.Cause == nameof(DeploymentCause.Placement) && await database.Deployments.AnyAsync(
            other => other.StackId == stack.Id && other.State == nameof(DeploymentState.Paused), cancellationToken))
        {
            (row.State, row.FinishedAt) = (nameof(DeploymentState.Skipped), row.CreatedAt);
            row.Message = N("A deployment of the stack is paused.");
            return true;
        }

        if (!IsMakingUp(row) || (MissedMoves.IsWanted(row.Operation, stack)
            && !await database.Deployments.AnyAsync(other => other.StackId == stack.Id && other.FinishedAt == null, cancellationToken)))
        {
            return false;
        }

        (row.State, row.FinishedAt) = (nameof(DeploymentState.Skipped), row.CreatedAt);
        row.Message = N("The stack was deployed or started meanwhile.");
        return true;
    }

    /// <summary>Gives a new deployment its first state.</summary>
    public static async Task EnterAsync(
        PortalDbContext database, Deployment row, Stack stack, bool overridesWindow, CancellationToken cancellationToken)
    {
        if (row.Cause == nameof(DeploymentCause.Placement))
        {
            // It brings nothing new, and what waits to do so goes on waiting.
            row.State = nameof(DeploymentState.Queued);
            return;
        }

        var rules = await EnvironmentRules.OfAsync(database, row, cancellationToken);
        if (row.Operation == nameof(DeploymentOperation.Deploy) && rules.NeedsApproval)
        {
            row.State = nameof(DeploymentState.AwaitingApproval);
            row.DecideUntil = row.CreatedAt.AddHours(rules.ApprovalHours);
            await SupersedeAsync(database, row, [nameof(DeploymentState.AwaitingApproval)], cancellationToken);
            await DeploymentMessages.AddAsync(database, row, DeploymentEvent.AwaitsApproval, row.CreatedAt, cancellationToken);
            return;
        }

        await AdmitAsync(database, row, stack, rules, overridesWindow, row.CreatedAt, cancellationToken);
    }

    /// <summary>Lets one that needs no more approval begin, now or when the next window opens.</summary>
    public static async Task AdmitAsync(
        PortalDbContext database, Deployment row, Stack stack, DeploymentRules rules, bool overridesWindow, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var isHeld = row.Operation == nameof(DeploymentOperation.Deploy) && !overridesWindow
            && !await IsWayBackAsync(database, row, stack, cancellationToken);
        row.OpensAt = isHeld ? DeployCalendar.NextOpen(rules, now) : now;
        if (row.OpensAt is { } opens && opens <= now)
        {
            (row.State, row.OpensAt) = (nameof(DeploymentState.Queued), null);

            // What only starts or stops puts nothing aside that still waits to bring something new.
            var bringsNew = row.Operation is nameof(DeploymentOperation.Deploy) or nameof(DeploymentOperation.Remove);
            await SupersedeAsync(database, row, bringsNew ? Waiting : [nameof(DeploymentState.Queued)], cancellationToken);
            if (bringsNew || row.Operation == nameof(DeploymentOperation.Stop))
            {
                await EndPausedAsync(database, row, cancellationToken);
            }

            Remember(stack, row);
            return;
        }

        row.State = nameof(DeploymentState.AwaitingWindow);
        await SupersedeAsync(
            database, row, [nameof(DeploymentState.AwaitingApproval), nameof(DeploymentState.AwaitingWindow)], cancellationToken);
    }

    private static bool IsMakingUp(Deployment row) => row is
    {
        Cause: nameof(DeploymentCause.Placement), Operation: nameof(DeploymentOperation.Stop) or nameof(DeploymentOperation.Remove),
    };

    private static bool IsAutomatic(Deployment row) => !People.Contains(row.Cause);

    private static IReadOnlyList<string> People { get; } = [nameof(DeploymentCause.Person), nameof(DeploymentCause.Rollback)];

    private static void Remember(Stack stack, Deployment row)
    {
        stack.Intent = row.Operation switch
        {
            nameof(DeploymentOperation.Stop) => nameof(StackIntent.Stopped),
            nameof(DeploymentOperation.Remove) => nameof(StackIntent.Removed),
            _ => nameof(StackIntent.Running),
        };
        stack.Scales = row.Scales ?? stack.Scales;
    }

    // Whoever calls any deployment a rollback gets no further than one that is: to an earlier revision that has run.
    private static async Task<bool> IsWayBackAsync(
        PortalDbContext database, Deployment row, Stack stack, CancellationToken cancellationToken) =>
        row.Cause == nameof(DeploymentCause.Rollback) && row.Revision < stack.GoodRevision && await database.Deployments.AnyAsync(
            other => other.StackId == row.StackId && other.Revision == row.Revision && other.Operation == "Deploy"
                && other.State == "Succeeded",
            cancellationToken);

    // Whatever comes after a failure is to mend it, a push too: it goes on from what the paused one left.
    private static Task EndPausedAsync(PortalDbContext database, Deployment newer, CancellationToken cancellationToken)
    {
        var said = " " + E("{0} asked for another one while it was paused.", newer.ActorName);
        return database.Deployments.Where(row => row.StackId == newer.StackId && row.State == nameof(DeploymentState.Paused))
            .ExecuteUpdateAsync(
                change => change.SetProperty(row => row.State, nameof(DeploymentState.Superseded))
                    .SetProperty(row => row.SupersededBy, newer.Id).SetProperty(row => row.FinishedAt, newer.CreatedAt)
                    .SetProperty(row => row.Message, row => row.Message + said),
                cancellationToken);
    }

    // What a person asked for is not put aside by anything automatic; that queues behind it.
    private static async Task SupersedeAsync(
        PortalDbContext database, Deployment newer, IReadOnlyList<string> states, CancellationToken cancellationToken)
    {
        var people = IsAutomatic(newer) ? People : [];
        var said = E("{0} asked for a newer one before this began.", newer.ActorName);
        await database.Deployments
            .Where(row => row.StackId == newer.StackId && row.Id != newer.Id && row.CreatedAt <= newer.CreatedAt
                && states.Contains(row.State) && !people.Contains(row.Cause))
            .ExecuteUpdateAsync(
                change => change.SetProperty(row => row.State, nameof(DeploymentState.Superseded))
                    .SetProperty(row => row.SupersededBy, newer.Id).SetProperty(row => row.FinishedAt, newer.CreatedAt)
                    .SetProperty(row => row.Message, said),
                cancellationToken);
    }
}
