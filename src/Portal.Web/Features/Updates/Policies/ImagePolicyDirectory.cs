using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Images;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Updates.Policies;

/// <summary>Shows and sets whether stacks follow their images, for people.</summary>
/// <remarks>Singleton; any thread. Seeing asks for <c>stacks.view</c>, setting for <c>stacks.deploy</c> on the stack's node.</remarks>
internal sealed class ImagePolicyDirectory(
    IDbContextFactory<PortalDbContext> contexts, IAuthorizer authorizer, IAuditLog audit, TimeProvider time)
{
    /// <summary>The policy of a stack.</summary>
    /// <returns>Null when there is no such stack that the user may see.</returns>
    public async Task<ImagePolicyView?> FindAsync(ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == stackId, cancellationToken);
        if (stack is null || !await authorizer.IsAllowedAsync(user, PermissionNames.StacksView, stack.Scope(), cancellationToken))
        {
            return null;
        }

        var policy = await database.ImagePolicies.AsNoTracking()
            .SingleOrDefaultAsync(row => row.StackId == stackId, cancellationToken);
        return policy is null ? ImagePolicyView.None : new ImagePolicyView(
            Enum.Parse<ImagePolicyMode>(policy.Mode), TimeOnly.MinValue.AddMinutes(policy.AtMinute), policy.OwnerName, policy.TriedAt,
            policy.DeploymentId)
        {
            Problem = policy.TagsProblem,
        };
    }

    /// <summary>Sets it.</summary>
    /// <exception cref="AccessDeniedException">The user may not deploy there.</exception>
    /// <exception cref="StackException">There is no such stack.</exception>
    public async Task SaveAsync(ClaimsPrincipal user, Guid stackId, ImagePolicyMode mode, TimeOnly at, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == stackId, cancellationToken);
        if (stack is null
            || !await authorizer.IsAllowedAsync(user, PermissionNames.StacksView, stack.Scope(), cancellationToken))
        {
            throw new StackException(N("There is no such stack any more."));
        }

        var actor = await authorizer.EnsureAsync(user, PermissionNames.StacksDeploy, stack.Scope(), cancellationToken);
        var policy = await database.ImagePolicies.SingleOrDefaultAsync(row => row.StackId == stackId, cancellationToken);
        if (mode == ImagePolicyMode.Off)
        {
            database.ImagePolicies.RemoveRange(policy is null ? [] : [policy]);
        }
        else
        {
            policy ??= database.ImagePolicies.Add(new ImagePolicy { StackId = stackId }).Entity;
            (policy.Mode, policy.AtMinute) = (mode.ToString(), (at.Hour * 60) + at.Minute);
            (policy.OwnerId, policy.OwnerName, policy.ChangedAt) = (actor.UserId, actor.UserName, time.GetUtcNow());

            // The day's time counts from now: saving it is no reason to deploy.
            policy.LookedAt = policy.ChangedAt;
            policy.TagsAt = mode == ImagePolicyMode.Daily ? policy.ChangedAt : null;
        }

        await database.SaveChangesAsync(cancellationToken);
        var detail = mode == ImagePolicyMode.Daily ? $"daily at {at:HH\\:mm} UTC" : mode == ImagePolicyMode.AtOnce ? "at once" : "off";
        await audit.WriteAsync(
            new AuditEntry(
                actor, "stack.image_policy", "stack", $"{stackId}", stack.Name, stack.AuditNode(), AuditOutcome.Succeeded, detail),
            CancellationToken.None);
    }
}
