using System.Security.Claims;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Compose.Model;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Files;

namespace Portal.Web.Features.Deployments;

/// <summary>
/// What people do with deployments. Every member checks the grant on the stack's node; every change is in the audit log.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class DeploymentCommands(
    IDbContextFactory<PortalDbContext> contexts,
    IDeployments deployments,
    IAuthorizer authorizer,
    StackSecrets secrets,
    IAuditLog audit)
{
    private const int MostReplicas = 1000;

    /// <summary>Queues what a person asks for.</summary>
    /// <returns>The deployment.</returns>
    /// <exception cref="AccessDeniedException">They may not deploy there, or not what the revision asks of the host.</exception>
    /// <exception cref="StackException">It can't be queued.</exception>
    public async Task<Guid> OrderAsync(ClaimsPrincipal user, DeploymentRequest request, CancellationToken cancellationToken)
    {
        var stack = await FindStackAsync(user, request.StackId, cancellationToken);
        var actor = await authorizer.EnsureAsync(user, PermissionNames.StacksDeploy, stack.Scope(), cancellationToken);
        var number = request.Revision
            ?? (request.Operation == DeploymentOperation.Deploy ? stack.Revision : stack.GoodRevision ?? stack.Revision);
        if (request.Operation == DeploymentOperation.Deploy)
        {
            await EnsureReachAsync(user, stack, number, cancellationToken);
        }

        if (request.OverridesWindow)
        {
            await authorizer.EnsureAsync(user, PermissionNames.DeploymentsOverride, stack.Scope(), cancellationToken);
        }

        var order = new DeploymentOrder(
            stack.Id,
            number,
            request.IsRollback ? DeploymentCause.Rollback : DeploymentCause.Person,
            request.Reason,
            actor.UserId,
            actor.UserName,
            request.PullPolicy,
            request.Force)
        {
            Operation = request.Operation,
            RemoveVolumes = request.RemoveVolumes,
            OverridesWindow = request.OverridesWindow,
            Scales = request.Scales is { } scales ? Scaled(stack, scales) : null,
        };
        var id = await deployments.EnqueueAsync(order, cancellationToken);
        var extra = (request.RemoveVolumes ? ", with volumes" : "") + (request.OverridesWindow ? ", whatever the windows" : "");
        var detail = $"revision {number}{extra}, queued as {id}";
        await RecordAsync(actor, "stack.order_" + request.Operation.ToString().ToLowerInvariant(), stack, detail);
        return id;
    }

    /// <summary>Ends a deployment: what it has changed goes back to what ran before.</summary>
    /// <returns>False when it had ended already.</returns>
    /// <exception cref="AccessDeniedException">The user may not deploy there.</exception>
    /// <exception cref="StackException">There is none that the user may see.</exception>
    public async Task<bool> CancelAsync(ClaimsPrincipal user, Guid deploymentId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var stackId = await database.Deployments.Where(row => row.Id == deploymentId).Select(row => (Guid?)row.StackId)
            .SingleOrDefaultAsync(cancellationToken);
        var stack = await FindStackAsync(user, stackId ?? Guid.Empty, cancellationToken);
        var actor = await authorizer.EnsureAsync(user, PermissionNames.StacksDeploy, stack.Scope(), cancellationToken);
        var isCancelled = await deployments.CancelAsync(deploymentId, actor.UserName, cancellationToken);
        if (isCancelled)
        {
            await RecordAsync(actor, "stack.cancel", stack, $"{deploymentId}");
        }

        return isCancelled;
    }

    /// <summary>How many containers each service of the revision that runs has by now, as a person or the files want it.</summary>
    /// <exception cref="StackException">There is none that the user may see, or its files can't be read.</exception>
    public async Task<IReadOnlyDictionary<string, int>> ReplicasAsync(
        ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        var stack = await FindStackAsync(user, stackId, cancellationToken);
        var (project, _) = await LoadAsync(stack, stack.GoodRevision ?? stack.Revision, cancellationToken);
        return project.Services.ToDictionary(service => service.Name, service => service.Replicas, StringComparer.Ordinal);
    }

    private async Task<(ComposeProject Project, IReadOnlyCollection<string> Secrets)> LoadAsync(
        Stack stack, int number, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var revision = await database.StackRevisions.AsNoTracking()
            .SingleOrDefaultAsync(row => row.StackId == stack.Id && row.Number == number, cancellationToken)
            ?? throw new StackException(E("The stack '{0}' has no revision {1}.", stack.Name, number));
        var files = await StackFileStore.ReadAsync(database, revision, cancellationToken);
        try
        {
            return DeploymentProject.Load(stack, revision, files, secrets);
        }
        catch (DeploymentRefusedException wrong)
        {
            throw new StackException(wrong.Message, wrong);
        }
    }

    // What the token or session may reach of the host must be enough, and not only what the person behind it may:
    // the job knows the person alone.
    private async Task EnsureReachAsync(ClaimsPrincipal user, Stack stack, int number, CancellationToken cancellationToken)
    {
        var (project, _) = await LoadAsync(stack, number, cancellationToken);
        foreach (var permission in DeploymentChecks.NeededBy(project).Where(DeploymentRights.HostReach.Contains))
        {
            await authorizer.EnsureAsync(user, permission, stack.Scope(), cancellationToken);
        }
    }

    /// <summary>A stack that the user may see.</summary>
    private async Task<Stack> FindStackAsync(ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == stackId, cancellationToken);
        return stack is not null
            && await authorizer.IsAllowedAsync(user, PermissionNames.StacksView, stack.Scope(), cancellationToken)
            ? stack : throw new StackException(N("There is no such stack any more."));
    }

    private static Dictionary<string, int> Scaled(Stack stack, IReadOnlyDictionary<string, int> change)
    {
        var scales = JsonSerializer.Deserialize<Dictionary<string, int>>(stack.Scales) ?? [];
        foreach (var (service, replicas) in change)
        {
            scales[service] = replicas is >= 0 and <= MostReplicas
                ? replicas : throw new StackException(E("A service has 0 to {0} containers.", MostReplicas));
        }

        return scales;
    }

    // Not cancelled with the caller: it is done.
    private Task RecordAsync(Actor actor, string action, Stack stack, string detail) => audit.WriteAsync(
        new AuditEntry(actor, action, "stack", $"{stack.Id}", stack.Name, stack.AuditNode(), AuditOutcome.Succeeded, detail),
        CancellationToken.None);
}
