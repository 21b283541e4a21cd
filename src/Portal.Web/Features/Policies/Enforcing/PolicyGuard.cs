using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies;
using Portal.Web.Access;
using Portal.Web.Audit;

namespace Portal.Web.Features.Policies.Enforcing;

/// <summary>
/// Holds what people ask of nodes to the policies there, before a node is called. The agent does so again, with what it alone knows: so who may
/// bypass them is asserted to it, and recorded.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class PolicyGuard(PolicyBook book, IAuthorizer authorizer, IAuditLog audit)
{
    /// <param name="user">Who asks.</param>
    /// <param name="nodeId">Of which node.</param>
    /// <param name="demands">What is asked for that policies may rule on.</param>
    /// <param name="denied">What the audit log gets when it is refused; the outcome and why are filled in.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="PolicyDeniedException">A policy does not allow it, and the user may not bypass it.</exception>
    public async Task<PolicyLeave> EnsureAsync(
        ClaimsPrincipal user, Guid nodeId, IReadOnlyList<PolicyDemand> demands, AuditEntry denied, CancellationToken cancellationToken)
    {
        var policies = await book.ReadAsync(nodeId, cancellationToken);
        if (policies.Count == 0)
        {
            return PolicyLeave.Plain;
        }

        var violations = PolicyCheck.Find(policies, demands);
        if (await authorizer.IsAllowedAsync(user, PermissionNames.PoliciesBypass, AccessScope.Node(nodeId), cancellationToken))
        {
            var names = violations.Select(violation => $"'{violation.Policy}' ({violation.Demand.Rule}: {violation.Demand.Value})")
                .Distinct();
            return new PolicyLeave(
                [PermissionNames.PoliciesBypass],
                violations.Count > 0 ? $"bypassed the policies {string.Join(", ", names)}" : "not held to policies");
        }

        if (violations.Count == 0)
        {
            return PolicyLeave.Plain;
        }

        var message = PolicyViolation.Describe(violations);
        await audit.WriteAsync(
            denied with { Outcome = AuditOutcome.Denied, Detail = AuditEntry.Join(denied.Detail, message) }, cancellationToken);
        throw new PolicyDeniedException(message);
    }
}
