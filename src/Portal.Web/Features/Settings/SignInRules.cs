using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Identity.Policies;

namespace Portal.Web.Features.Settings;

/// <summary>Reads and changes the rules of signing in, for who may; a change is on record.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class SignInRules(SignInPolicies policies, IAuthorizer authorizer, IAuditLog audit)
{
    public async Task<SignInPolicy> ReadAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await authorizer.EnsureAsync(user, PermissionNames.SignInManage, AccessScope.Everything, cancellationToken);
        return await policies.ReadAsync(cancellationToken);
    }

    /// <returns>All that is wrong with it, for the user; null when it holds from now on.</returns>
    public async Task<string?> SaveAsync(ClaimsPrincipal user, SignInPolicy policy, CancellationToken cancellationToken)
    {
        var actor = await authorizer.EnsureAsync(user, PermissionNames.SignInManage, AccessScope.Everything, cancellationToken);
        if (policy.FindProblems() is { Count: > 0 } problems)
        {
            return string.Join(' ', problems);
        }

        await policies.WriteAsync(policy, cancellationToken);
        var detail = $"idle {policy.IdleMinutes} min, lifetime {policy.LifetimeHours} h, passwords of {policy.PasswordLength}, "
            + $"local form {(policy.HidesLocalForm ? "hidden" : "shown")}";
        await audit.WriteAsync(
            new AuditEntry(
                actor, "settings.sign_in", "settings", "sign-in", "sign-in rules", null, AuditOutcome.Succeeded, detail),
            CancellationToken.None);
        return null;
    }
}
