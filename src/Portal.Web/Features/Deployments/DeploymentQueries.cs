using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Web.Access;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Deployments;

/// <summary>Deployments for those who may see the stacks of their nodes.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class DeploymentQueries(IDbContextFactory<PortalDbContext> contexts, IAuthorizer authorizer)
{
    /// <summary>A page, newest first.</summary>
    /// <remarks>Of one stack, or of all; in one state, or in any; those before one, or the newest.</remarks>
    public async Task<IReadOnlyList<Deployment>> ListAsync(
        ClaimsPrincipal user, Guid? stackId, string? state, Guid? before, int size, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await database.Stacks.AsNoTracking().ToListAsync(cancellationToken);
        var stacks = known.Where(stack => access.Allows(PermissionNames.StacksView, stack.Scope())).Select(stack => stack.Id).ToArray();

        // Ids grow with the time, so that one is a place in the list.
        return await database.Deployments.AsNoTracking()
            .Where(row => stacks.Contains(row.StackId))
            .Where(row => stackId == null || row.StackId == stackId)
            .Where(row => state == null || row.State == state)
            .Where(row => before == null || row.Id.CompareTo(before.Value) < 0)
            .OrderByDescending(row => row.Id).Take(size).ToListAsync(cancellationToken);
    }

    /// <summary>One with its steps; null where there is none that the user may see.</summary>
    public async Task<(Deployment Deployment, IReadOnlyList<DeploymentStep> Steps)?> FindAsync(
        ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await database.Deployments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (found is null
            || !await authorizer.IsAllowedAsync(user, PermissionNames.StacksView, found.Scope(), cancellationToken))
        {
            return null;
        }

        var steps = await database.DeploymentSteps.AsNoTracking().Where(step => step.DeploymentId == id).OrderBy(step => step.Number)
            .ToListAsync(cancellationToken);
        return (found, steps);
    }

    /// <summary>Lines of the log after one that is known, oldest first.</summary>
    /// <exception cref="AccessDeniedException">The user may not see the stack.</exception>
    public async Task<IReadOnlyList<DeploymentLine>> ReadLogAsync(
        ClaimsPrincipal user, Deployment deployment, long after, int size, CancellationToken cancellationToken)
    {
        await authorizer.EnsureAsync(user, PermissionNames.StacksView, deployment.Scope(), cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.DeploymentLines.AsNoTracking().Where(line => line.DeploymentId == deployment.Id && line.Id > after)
            .OrderBy(line => line.Id).Take(size).ToListAsync(cancellationToken);
    }
}
