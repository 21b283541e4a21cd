using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments.Running;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Deployments.Holding;

/// <summary>What people do with deployments that are paused: they go on, or back.</summary>
/// <remarks>
/// Singleton; any thread. Takes <c>stacks.deploy</c> on the stack, and is in the audit log. A deployment that goes on is one whose portal
/// went away, and is taken up as that is.
/// </remarks>
internal sealed class PausedDeployments(
    IDbContextFactory<PortalDbContext> contexts, DeploymentSignal signal, IAuthorizer authorizer, IAuditLog audit)
{
    private const string UniqueViolation = "23505";

    /// <summary>Has it go on from where it is: what failed is tried again.</summary>
    /// <exception cref="AccessDeniedException">The user may not deploy there.</exception>
    /// <exception cref="StackException">It is not paused any more, or something else of the stack is under way.</exception>
    public Task GoOnAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken) =>
        MoveAsync(user, id, "deployment.resume", isBack: false, cancellationToken);

    /// <summary>Has it go back to what ran before.</summary>
    /// <exception cref="AccessDeniedException">The user may not deploy there.</exception>
    /// <exception cref="StackException">It is not paused any more, or something else of the stack is under way.</exception>
    public Task GoBackAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken) =>
        MoveAsync(user, id, "deployment.roll_back", isBack: true, cancellationToken);

    /// <summary>Has a paused one go on, or back, by the next portal that looks.</summary>
    /// <returns>False when it is not paused.</returns>
    /// <exception cref="StackException">Something else of the stack is under way.</exception>
    public static async Task<bool> TakeUpAsync(
        PortalDbContext database, Guid id, string by, bool isBack, bool isCancelled, CancellationToken cancellationToken)
    {
        // What has stopped since it was applied is started again before it is watched.
        var phase = isBack ? nameof(DeploymentPhase.RollBack) : nameof(DeploymentPhase.Apply);
        try
        {
            return await database.Database.ExecuteSqlAsync($"""
                update deployments set
                    state = 'Running', owner_id = null, lease_until = clock_timestamp(), gone_on_by = {by},
                    message = case when {isBack} or phase = 'RollBack' then message else '' end,
                    phase = case when phase = 'RollBack' then phase else {phase} end,
                    cancelled_at = case when {isCancelled} then clock_timestamp() else cancelled_at end,
                    cancelled_by = case when {isCancelled} then {by} else cancelled_by end
                where id = {id} and state = 'Paused'
                """, cancellationToken) > 0;
        }
        catch (PostgresException failure) when (failure.SqlState == UniqueViolation)
        {
            throw new StackException(N("Something else of the stack is under way. Try again when that has ended."), failure);
        }
    }

    private async Task MoveAsync(ClaimsPrincipal user, Guid id, string action, bool isBack, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await database.Deployments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (row is null || !await authorizer.IsAllowedAsync(user, PermissionNames.StacksView, row.Scope(), cancellationToken))
        {
            throw new StackException(N("There is no such deployment any more."));
        }

        var actor = await authorizer.EnsureAsync(user, PermissionNames.StacksDeploy, row.Scope(), cancellationToken);
        if (!await TakeUpAsync(database, id, actor.UserName, isBack, isCancelled: false, cancellationToken))
        {
            throw new StackException(N("It is not paused any more."));
        }

        signal.Set();
        await audit.WriteAsync(
            new AuditEntry(
                actor, action, "stack", $"{row.StackId}", row.StackName, row.AuditNode(), AuditOutcome.Succeeded,
                $"revision {row.Revision}, {id}"),
            CancellationToken.None);
    }
}
