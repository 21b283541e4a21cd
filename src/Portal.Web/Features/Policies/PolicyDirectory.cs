using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies;
using Portal.Data;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Access.Changes;
using Portal.Web.Features.Policies.Enforcing;

namespace Portal.Web.Features.Policies;

/// <summary>Lists, makes, changes and deletes policies. A change holds in this portal from the next call on, and is sent to the nodes.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class PolicyDirectory(
    IDbContextFactory<PortalDbContext> contexts, AccessChanges changes, IAuthorizer authorizer, PolicySignal signal, TimeProvider time)
{
    private const int LongestName = 64;
    private const int LongestDescription = 512;
    private const int MostPolicies = 200;

    /// <summary>All of them, by name.</summary>
    public async Task<IReadOnlyList<PolicyEntry>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await authorizer.EnsureAsync(user, PermissionNames.PoliciesManage, AccessScope.Everything, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await database.Policies.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancellationToken);
        return [.. rows.Select(PolicyEntry.Of)];
    }

    /// <summary>One of them; null when there is none such.</summary>
    public async Task<PolicyEntry?> FindAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken) =>
        (await ListAsync(user, cancellationToken)).FirstOrDefault(entry => entry.Id == id);

    /// <summary>Makes a policy, or changes the one with the id.</summary>
    public async Task<AccessChange> SaveAsync(ClaimsPrincipal user, Guid? id, PolicyInput input, CancellationToken cancellationToken)
    {
        var action = id is null ? "policy.create" : "policy.update";
        var outcome = await changes.RunAsync(user, PermissionNames.PoliciesManage, action, async work =>
        {
            var now = time.GetUtcNow();
            var policyId = id ?? Guid.CreateVersion7(now);
            var name = input.Name.Trim();
            work.Describe("policy", policyId, name, PolicyText.Describe(input.Rules), input.NodeId);
            var row = id is null
                ? new PolicyRecord { Id = policyId, CreatedAt = now }
                : await work.Database.Policies.SingleOrDefaultAsync(row => row.Id == policyId, cancellationToken);
            if (await CheckAsync(work.Database, policyId, input with { Name = name }, cancellationToken) is { } problem)
            {
                return new AccessChange(problem);
            }

            if (row is null)
            {
                return new AccessChange(N("There is no such policy any more."));
            }

            row.Name = name;
            row.Description = input.Description.Trim();
            row.EnvironmentId = input.EnvironmentId;
            row.NodeId = input.NodeId;
            row.Rules = PolicyEntry.WriteRules(input.Rules);
            row.UpdatedAt = now;
            if (id is null)
            {
                work.Database.Policies.Add(row);
            }

            await PolicyBook.RaiseVersionAsync(work.Database, now, cancellationToken);
            return new AccessChange(null, policyId);
        }, cancellationToken);
        signal.Raise();
        return outcome;
    }

    /// <summary>Deletes a policy; one that is gone already is no error.</summary>
    public async Task<AccessChange> RemoveAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        var outcome = await changes.RunAsync(user, PermissionNames.PoliciesManage, "policy.delete", async work =>
        {
            var row = await work.Database.Policies.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
            if (row is not null)
            {
                work.Describe("policy", id, row.Name, PolicyText.Describe(PolicyEntry.Of(row).Rules), row.NodeId);
                work.Database.Policies.Remove(row);
                await PolicyBook.RaiseVersionAsync(work.Database, time.GetUtcNow(), cancellationToken);
            }

            return AccessChange.Done;
        }, cancellationToken);
        signal.Raise();
        return outcome;
    }

    private static async Task<string?> CheckAsync(
        PortalDbContext database, Guid id, PolicyInput input, CancellationToken cancellationToken)
    {
        var problems = PolicyRulesProblems.Find(input.Rules);
        var problem = input.Name.Length is 0 or > LongestName || input.Name.Any(char.IsControl)
                ? E("A policy's name has 1 to {0} characters.", LongestName)
            : input.Description.Length > LongestDescription ? E("A description has up to {0} characters.", LongestDescription)
            : input is { EnvironmentId: not null, NodeId: not null } ? N("A policy applies to an environment or a node, not both.")
            : problems.Count > 0 ? string.Join(' ', problems)
            : input.Rules.IsEmpty ? N("This policy restricts nothing: set at least one rule.")
            : null;
        if (problem is not null)
        {
            return problem;
        }

        var names = await database.Policies.Where(row => row.Id != id).Select(row => row.Name).ToListAsync(cancellationToken);
        return names.Contains(input.Name, StringComparer.OrdinalIgnoreCase) ? E("There is a policy '{0}' already.", input.Name)
            : names.Count >= MostPolicies ? E("There are {0} policies, the most that there can be.", MostPolicies)
            : input.EnvironmentId is { } environment
                && !await database.Environments.AnyAsync(row => row.Id == environment, cancellationToken)
                ? N("There is no such environment any more.")
            : input.NodeId is { } node && !await database.Nodes.AnyAsync(row => row.Id == node, cancellationToken)
                ? N("There is no such node any more.")
            : null;
    }
}
