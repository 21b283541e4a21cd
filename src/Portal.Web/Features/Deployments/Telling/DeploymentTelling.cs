using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Deployments.Telling;

/// <summary>Shows and changes which targets of alerts are told of a stack's deployments.</summary>
/// <remarks>
/// Singleton; any thread. Needs <c>stacks.edit</c> on the stack's node, and <c>alerts.view</c> everywhere: targets are of the portal as a
/// whole.
/// </remarks>
internal sealed class DeploymentTelling(IDbContextFactory<PortalDbContext> contexts, IAuthorizer authorizer, IAuditLog audit)
{
    /// <summary>What is chosen; null when there is no such stack, or the user may not choose.</summary>
    public async Task<ToldDeployments?> ReadAsync(ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == stackId, cancellationToken);
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        if (stack is null
            || !access.Allows(PermissionNames.StacksEdit, stack.Scope())
            || !access.Allows(PermissionNames.AlertsView, AccessScope.Everything))
        {
            return null;
        }

        var targets = await database.AlertTargets.AsNoTracking().OrderBy(target => target.Name)
            .Select(target => new { target.Id, target.Name }).ToListAsync(cancellationToken);
        return new ToldDeployments(
            [.. targets.Select(target => KeyValuePair.Create(target.Id, target.Name))],
            [.. stack.ToldTargets.Intersect(targets.Select(target => target.Id))],
            [.. stack.ToldEvents.Select(Enum.Parse<DeploymentEvent>)]);
    }

    /// <summary>Changes it, from the next thing that happens on.</summary>
    /// <exception cref="AccessDeniedException">The user may not choose.</exception>
    /// <exception cref="StackException">There is no such stack.</exception>
    public async Task SaveAsync(
        ClaimsPrincipal user, Guid stackId, IReadOnlyCollection<Guid> targets, IReadOnlyCollection<DeploymentEvent> events,
        CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == stackId, cancellationToken);
        var scope = stack is null ? AccessScope.Everything : stack.Scope();
        await authorizer.EnsureAsync(user, PermissionNames.StacksEdit, scope, cancellationToken);
        var actor = await authorizer.EnsureAsync(user, PermissionNames.AlertsView, AccessScope.Everything, cancellationToken);
        if (stack is null)
        {
            throw new StackException(N("There is no such stack any more."));
        }

        var known = await database.AlertTargets.Where(target => targets.Contains(target.Id))
            .Select(target => new { target.Id, target.Name }).ToListAsync(cancellationToken);
        var (ids, names) = (known.Select(target => target.Id).ToArray(), events.Distinct().Order().Select(one => one.ToString()).ToArray());
        await database.Stacks.Where(row => row.Id == stackId).ExecuteUpdateAsync(
            row => row.SetProperty(one => one.ToldTargets, ids).SetProperty(one => one.ToldEvents, names), cancellationToken);
        await RecordAsync(actor, stack, $"{string.Join(", ", names)} to {string.Join(", ", known.Select(target => target.Name))}");
    }

    // Not cancelled with the caller: it is done.
    private Task RecordAsync(Actor actor, Stack stack, string detail) => audit.WriteAsync(
        new AuditEntry(actor, "stack.tell", "stack", $"{stack.Id}", stack.Name, stack.AuditNode(), AuditOutcome.Succeeded, detail),
        CancellationToken.None);
}
