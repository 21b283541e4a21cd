using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Portal.Contracts.Permissions;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;

namespace Portal.Web.Features.Tokens;

/// <summary>
/// Makes service accounts: what programs of a team act as, so that they go on when a person leaves. One has no password and can't sign
/// in; it gets its roles on the page of people, and its tokens from an administrator.
/// </summary>
public sealed class ServiceAccounts(IServiceScopeFactory scopes, IAuthorizer authorizer, IAuditLog audit, TimeProvider time)
{
    /// <summary>Makes one that may do nothing yet.</summary>
    /// <returns>Why it was not made; null when it was.</returns>
    /// <exception cref="AccessDeniedException">That is for administrators.</exception>
    public async Task<string?> CreateAsync(ClaimsPrincipal user, string name, CancellationToken cancellationToken)
    {
        var actor = await authorizer.EnsureAsync(user, PermissionNames.ServiceAccountsManage, AccessScope.Everything, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var now = time.GetUtcNow();
        var account = new PortalUser
        {
            Id = Guid.CreateVersion7(now),
            UserName = name.Trim(),
            DisplayName = "Service account",
            IsServiceAccount = true,
            CreatedAt = now,
        };
        var result = await users.CreateAsync(account);
        var error = result.Succeeded ? null : string.Join(' ', result.Errors.Select(problem => problem.Description));
        var outcome = error is null ? AuditOutcome.Succeeded : AuditOutcome.Failed;
        var detail = AuditEntry.Join("service account", error);
        var entry = new AuditEntry(actor, "user.create", "user", account.Id.ToString(), account.UserName, null, outcome, detail);
        await audit.WriteAsync(entry, CancellationToken.None);
        return error;
    }
}
