using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Images;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Updates.Tags;

namespace Portal.Web.Features.Updates.Rules;

/// <summary>The rules of stacks, for people.</summary>
/// <remarks>
/// Singleton; any thread. Seeing them takes <c>stacks.view</c>, having registries asked and taking what is new <c>stacks.deploy</c>, and
/// setting them <c>stacks.edit</c> besides, since that says what will run.
/// </remarks>
internal sealed class ImageRuleDirectory(
    IDbContextFactory<PortalDbContext> contexts, FollowedImages images, ImageTaking taking, DeploymentCommands commands,
    IAuthorizer authorizer, IAuditLog audit, TimeProvider time)
{
    /// <summary>The services of a stack with what they follow.</summary>
    /// <exception cref="StackException">There is no such stack that the user may see, or its files can't be read.</exception>
    public async Task<IReadOnlyList<FollowedService>> ListAsync(ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        var stack = await FindAsync(user, stackId, cancellationToken);
        return (await images.ReadAsync(stack.Id, cancellationToken)).Services;
    }

    /// <summary>What the rules of a stack find now, and what stands against taking it.</summary>
    /// <exception cref="AccessDeniedException">The user may not deploy there.</exception>
    /// <exception cref="StackException">There is no such stack, or its files can't be read.</exception>
    public async Task<(IReadOnlyList<FollowedChoice> Choices, string Held)> LookAsync(
        ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        var followed = await ReadAsync(user, stackId, cancellationToken);
        return (await images.LookAsync(followed, isAsked: true, cancellationToken), followed.Held);
    }

    /// <summary>What a rule would find for a service, before it is set.</summary>
    /// <exception cref="AccessDeniedException">The user may not deploy there.</exception>
    /// <exception cref="StackException">The rule is wrong, or there is no such service.</exception>
    public async Task<FollowedChoice> TryAsync(
        ClaimsPrincipal user, Guid stackId, string service, TagRule rule, CancellationToken cancellationToken)
    {
        Check(rule);
        var followed = await ReadAsync(user, stackId, cancellationToken);
        var one = followed.Services.FirstOrDefault(one => one.Service == service) ?? throw NoService(service);
        var isSame = one.Rule == rule;
        var tried = one with { Rule = rule, Problem = "", Taken = isSame ? one.Taken : "", TakenAt = isSame ? one.TakenAt : null };
        if (one.Image.Contains('@', StringComparison.Ordinal))
        {
            tried = tried with { Problem = N("Its image is fixed by a digest.") };
        }

        return (await images.LookAsync(followed with { Services = [tried] }, isAsked: true, cancellationToken))[0];
    }

    /// <summary>Sets the rule of a service; null takes it away.</summary>
    /// <exception cref="AccessDeniedException">The user may not edit and deploy there.</exception>
    /// <exception cref="StackException">The rule is wrong, there is no such service, or its labels say its rule.</exception>
    public async Task SaveAsync(ClaimsPrincipal user, Guid stackId, string service, TagRule? rule, CancellationToken cancellationToken)
    {
        var stack = await FindAsync(user, stackId, cancellationToken);
        await authorizer.EnsureAsync(user, PermissionNames.StacksEdit, stack.Scope(), cancellationToken);
        var actor = await authorizer.EnsureAsync(user, PermissionNames.StacksDeploy, stack.Scope(), cancellationToken);
        if (rule is not null)
        {
            Check(rule);
            var followed = await images.ReadAsync(stackId, cancellationToken);
            var one = followed.Services.FirstOrDefault(one => one.Service == service) ?? throw NoService(service);
            if (one.IsOfFiles)
            {
                throw new StackException(E("The label {0:name} of '{1:name}' says its rule. Change it there.", TagRule.Label, service));
            }
        }

        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await database.ImageRules.SingleOrDefaultAsync(
            row => row.StackId == stackId && row.Service == service, cancellationToken);
        if (row is null && rule is null)
        {
            return;
        }

        row ??= database.ImageRules.Add(new ImageRule { StackId = stackId, Service = service }).Entity;
        (row.Rule, row.OwnerId, row.OwnerName, row.ChangedAt) = (rule?.ToJson() ?? "", actor.UserId, actor.UserName, time.GetUtcNow());
        await database.SaveChangesAsync(cancellationToken);
        await database.ImagePolicies.Where(policy => policy.StackId == stackId)
            .ExecuteUpdateAsync(set => set.SetProperty(policy => policy.TagsAt, (DateTimeOffset?)null), cancellationToken);
        await audit.WriteAsync(
            new AuditEntry(
                actor, "stack.image_rule", "stack", $"{stackId}", stack.Name, stack.AuditNode(), AuditOutcome.Succeeded,
                $"{service}: {(rule is null ? "stays with its tag" : rule)}"),
            CancellationToken.None);
    }

    /// <summary>Takes what is new, and deploys it.</summary>
    /// <returns>The deployment, null where nothing is new, and what is to be said of it.</returns>
    /// <exception cref="AccessDeniedException">The user may not deploy there.</exception>
    /// <exception cref="StackException">It can't be done now.</exception>
    public async Task<(Guid? DeploymentId, string Text)> TakeAsync(ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        var stack = await FindAsync(user, stackId, cancellationToken);
        var actor = await authorizer.EnsureAsync(user, PermissionNames.StacksDeploy, stack.Scope(), cancellationToken);
        var taken = await taking.TakeAsync(stackId, actor.UserName, cancellationToken);
        if (taken.Revision is not { } revision)
        {
            return (null, taken.Problem);
        }

        await audit.WriteAsync(
            new AuditEntry(
                actor, "stack.take_images", "stack", $"{stackId}", stack.Name, stack.AuditNode(), AuditOutcome.Succeeded,
                $"revision {revision}: {taken.Text}"),
            CancellationToken.None);
        var request = new DeploymentRequest(stackId, DeploymentOperation.Deploy, revision, taken.Text);
        return (await commands.OrderAsync(user, request, CancellationToken.None), taken.Text);
    }

    private static void Check(TagRule rule)
    {
        if (rule.Problems().ToList() is { Count: > 0 } problems)
        {
            throw new StackException(string.Join(' ', problems));
        }
    }

    private static StackException NoService(string service) => new(E("The stack has no service '{0}'.", service));

    private async Task<FollowedStack> ReadAsync(ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        var stack = await FindAsync(user, stackId, cancellationToken);
        await authorizer.EnsureAsync(user, PermissionNames.StacksDeploy, stack.Scope(), cancellationToken);
        return await images.ReadAsync(stackId, cancellationToken);
    }

    private async Task<Stack> FindAsync(ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == stackId, cancellationToken);
        return stack is not null && await authorizer.IsAllowedAsync(user, PermissionNames.StacksView, stack.Scope(), cancellationToken)
            ? stack : throw new StackException(N("There is no such stack any more."));
    }
}
