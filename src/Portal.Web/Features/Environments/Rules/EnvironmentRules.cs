using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Access.Changes;

namespace Portal.Web.Features.Environments.Rules;

/// <summary>Shows and changes what environments ask of deployments.</summary>
/// <remarks>
/// Singleton; any thread. Who sees an environment sees its rules; changing them takes <c>environments.manage</c>, and naming targets
/// of alerts
/// <c>alerts.view</c> too, both on everything.
/// </remarks>
internal sealed class EnvironmentRules(
    IDbContextFactory<PortalDbContext> contexts, EnvironmentDirectory directory, AccessChanges changes, IAuthorizer authorizer)
{
    /// <summary>The rules of an environment; null when there is none that the user may see.</summary>
    public async Task<(EnvironmentEntry Environment, DeploymentRules Rules)?> FindAsync(
        ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        var entry = (await directory.ListAsync(user, cancellationToken)).FirstOrDefault(entry => entry.Id == id);
        if (entry is null)
        {
            return null;
        }

        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return (entry, await ReadAsync(database, id, cancellationToken));
    }

    /// <summary>Targets of alerts that can be chosen, by the name; none for who may not see them.</summary>
    public async Task<IReadOnlyList<KeyValuePair<Guid, string>>> TargetsAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (!await authorizer.IsAllowedAsync(user, PermissionNames.AlertsView, AccessScope.Everything, cancellationToken))
        {
            return [];
        }

        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var targets = await database.AlertTargets.AsNoTracking().OrderBy(target => target.Name)
            .Select(target => new { target.Id, target.Name }).ToListAsync(cancellationToken);
        return [.. targets.Select(target => KeyValuePair.Create(target.Id, target.Name))];
    }

    /// <summary>Changes the rules: they hold for what is asked for from then on, and windows for what waits too.</summary>
    public Task<AccessChange> SaveAsync(ClaimsPrincipal user, Guid id, DeploymentRules rules, CancellationToken cancellationToken) =>
        changes.RunAsync(user, PermissionNames.EnvironmentsManage, "environment.rules", async work =>
        {
            var row = await work.Database.Environments.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
            work.Describe("environment", id, row?.Name ?? "", rules.ToJson());
            if (row is null)
            {
                return new AccessChange(N("There is no such environment any more."));
            }

            if (rules.Problems() is { Count: > 0 } problems)
            {
                return new AccessChange(string.Join(' ', problems));
            }

            var targets = rules.ApprovalTargets.Except(DeploymentRules.Parse(row.DeploymentRules).ApprovalTargets).ToArray();
            if (targets.Length > 0 && !work.Own.Allows(PermissionNames.AlertsView, AccessScope.Everything))
            {
                return new AccessChange(E("Choosing who is told takes the permission '{0}'.", PermissionNames.AlertsView));
            }

            if (await work.Database.AlertTargets.CountAsync(target => targets.Contains(target.Id), cancellationToken) != targets.Length)
            {
                return new AccessChange(N("One of the targets is not there any more."));
            }

            row.DeploymentRules = rules.ToJson();
            return AccessChange.Done;
        }, cancellationToken);

    /// <summary>The rules for a node's stacks: those of its environment, or none.</summary>
    public static async Task<DeploymentRules> OfNodeAsync(PortalDbContext database, Guid nodeId, CancellationToken cancellationToken)
    {
        var rules = await database.Nodes.Where(node => node.Id == nodeId)
            .Join(database.Environments, node => node.EnvironmentId, row => row.Id, (_, row) => row.DeploymentRules)
            .SingleOrDefaultAsync(cancellationToken);
        return rules is null ? DeploymentRules.None : DeploymentRules.Parse(rules);
    }

    /// <summary>The rules for a deployment: those of its stack's environment, or of its node's.</summary>
    public static Task<DeploymentRules> OfAsync(
        PortalDbContext database, Data.Entities.Deployments.Deployment row, CancellationToken cancellationToken) =>
        row.EnvironmentId is { } environment
            ? ReadAsync(database, environment, cancellationToken) : OfNodeAsync(database, row.NodeId, cancellationToken);

    private static async Task<DeploymentRules> ReadAsync(PortalDbContext database, Guid id, CancellationToken cancellationToken) =>
        DeploymentRules.Parse(await database.Environments.Where(row => row.Id == id).Select(row => row.DeploymentRules)
            .SingleOrDefaultAsync(cancellationToken) ?? "{}");
}
