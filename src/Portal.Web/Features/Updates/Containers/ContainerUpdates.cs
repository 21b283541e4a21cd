using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Compose.Planning;
using Portal.Contracts.Hubs;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Images;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Webhooks.Work;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Updates.Containers;

/// <summary>Has single containers replaced by ones of the newest image under their tag, for people.</summary>
/// <remarks>
/// Singleton; any thread. Seeing how it stands takes <c>containers.view</c>, asking for it all that it does: <see cref="Needed"/>. A container
/// of a stack is updated with its stack, which knows what depends on what.
/// </remarks>
public sealed class ContainerUpdates
{
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(30);
    private readonly IDbContextFactory<PortalDbContext> _contexts;
    private readonly IFleet _fleet;
    private readonly IAuthorizer _authorizer;
    private readonly IAuditLog _audit;
    private readonly ContainerUpdateSignal _signal;
    private readonly TimeProvider _time;

    internal ContainerUpdates(
        IDbContextFactory<PortalDbContext> contexts, IFleet fleet, IAuthorizer authorizer, IAuditLog audit, ContainerUpdateSignal signal,
        TimeProvider time) =>
        (_contexts, _fleet, _authorizer, _audit, _signal, _time) = (contexts, fleet, authorizer, audit, signal, time);

    /// <summary>What it takes on the node.</summary>
    public static IReadOnlyList<string> Needed { get; } =
    [
        PermissionNames.ImagesPull, PermissionNames.ContainersCreate, PermissionNames.ContainersStart, PermissionNames.ContainersStop,
        PermissionNames.ContainersRename, PermissionNames.ContainersRemove,
    ];

    /// <summary>Why a container can't be updated by itself, as far as the fleet tells; empty where it can.</summary>
    public static string WhyNot(ContainerView container)
    {
        var project = container.Labels.GetValueOrDefault(ComposeLabels.Project, "");
        return project.Length > 0 ? E("It is of the project '{0}': update the images of that stack.", project)
            : container.Image.StartsWith("sha256:", StringComparison.Ordinal) || StackImage.Parse(container.Image).Tag.Length == 0
                ? N("Its image has no tag that could point at a newer one.")
            : container.State switch
            {
                "paused" => N("It is paused."),
                "removing" => N("It is removing."),
                "dead" => N("It is dead."),
                _ => "",
            };
    }

    /// <summary>Begins one.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="AccessDeniedException">The user may not do all that it takes there.</exception>
    /// <exception cref="ContainerUpdateException">It can't be updated.</exception>
    public async Task<Guid> StartAsync(ClaimsPrincipal user, Guid nodeId, string containerId, CancellationToken cancellationToken)
    {
        var scope = AccessScope.Node(nodeId);
        var actor = await _authorizer.EnsureAsync(user, PermissionNames.ContainersView, scope, cancellationToken);
        foreach (var permission in Needed)
        {
            await _authorizer.EnsureAsync(user, permission, scope, cancellationToken);
        }

        if (!_fleet.Current.Nodes.TryGetValue(nodeId, out var node) || !node.Containers.TryGetValue(containerId, out var container))
        {
            throw new ContainerUpdateException(N("There is no such container on the node."));
        }

        var why = node.Presence != NodePresence.Online ? E("The node '{0}' does not answer.", node.Name) : WhyNot(container);
        if (why.Length > 0)
        {
            throw new ContainerUpdateException(why);
        }

        var row = new ContainerUpdate
        {
            Id = Guid.CreateVersion7(), NodeId = nodeId, NodeName = node.Name, ContainerId = container.Id, Name = container.Name,
            Image = container.Image, ActorId = actor.UserId, ActorName = actor.UserName, Address = actor.Address,
            Reach = await ReachAsync(user, scope, cancellationToken), State = nameof(ContainerUpdateState.Working),
            Phase = nameof(ContainerUpdatePhase.Pull), CreatedAt = _time.GetUtcNow(),
        };
        await AddAsync(row, cancellationToken);
        await _audit.WriteAsync(
            new AuditEntry(
                actor, "container.update_image", "container", container.Id, container.Name, nodeId, AuditOutcome.Succeeded,
                $"asked for: {container.Image}"),
            CancellationToken.None);
        _signal.Set();
        return row.Id;
    }

    /// <summary>The newest update of a container, or the one by which it came.</summary>
    /// <returns>Null where there is none, or the user may not see the node's containers.</returns>
    public async Task<ContainerUpdateView?> FindAsync(
        ClaimsPrincipal user, Guid nodeId, string containerId, CancellationToken cancellationToken)
    {
        if (!await _authorizer.IsAllowedAsync(user, PermissionNames.ContainersView, AccessScope.Node(nodeId), cancellationToken))
        {
            return null;
        }

        await using var database = await _contexts.CreateDbContextAsync(cancellationToken);
        var row = await database.ContainerUpdates.AsNoTracking()
            .Where(row => row.NodeId == nodeId && (row.ContainerId == containerId || row.SuccessorId == containerId))
            .OrderByDescending(row => row.CreatedAt).FirstOrDefaultAsync(cancellationToken);
        return row is null ? null : new ContainerUpdateView(
            row.Id, Enum.Parse<ContainerUpdateState>(row.State), Enum.Parse<ContainerUpdatePhase>(row.Phase), row.Image,
            row.State == nameof(ContainerUpdateState.Succeeded) ? row.SuccessorId : "", row.Message, row.ActorName, row.CreatedAt,
            row.FinishedAt);
    }

    private async Task<string[]> ReachAsync(ClaimsPrincipal user, AccessScope scope, CancellationToken cancellationToken)
    {
        var reach = new List<string>();
        foreach (var permission in DeploymentRights.HostReach)
        {
            if (await _authorizer.IsAllowedAsync(user, permission, scope, cancellationToken))
            {
                reach.Add(permission);
            }
        }

        return [.. reach];
    }

    private async Task AddAsync(ContainerUpdate row, CancellationToken cancellationToken)
    {
        await using var database = await _contexts.CreateDbContextAsync(cancellationToken);
        var old = row.CreatedAt - s_kept;
        await database.ContainerUpdates.Where(one => one.FinishedAt != null && one.CreatedAt < old).ExecuteDeleteAsync(cancellationToken);
        database.ContainerUpdates.Add(row);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure)
            when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw new ContainerUpdateException(N("It is being updated already."));
        }
    }
}
