using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;

namespace Portal.Web.Access;

/// <summary>Looks after what was allowed once and goes on: it has to end with the permission and with the session.</summary>
internal sealed class StandingAccess(IAuthorizer authorizer, IServiceScopeFactory scopes, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Ends when the person lacks the permission, is disabled, or when their session is no longer good because their password was
    /// changed or reset.
    /// </summary>
    /// <exception cref="OperationCanceledException">Nobody needs to know any more.</exception>
    public async Task WaitForEndAsync(ClaimsPrincipal user, string permission, AccessScope scope, CancellationToken cancellationToken)
    {
        do
        {
            await Task.Delay(s_interval, time, cancellationToken);
        }
        while (await IsStillGoodAsync(user, permission, scope, cancellationToken));
    }

    private async Task<bool> IsStillGoodAsync(
        ClaimsPrincipal user, string permission, AccessScope scope, CancellationToken cancellationToken)
    {
        try
        {
            if (!await authorizer.IsAllowedAsync(user, permission, scope, cancellationToken))
            {
                return false;
            }

            // A token has no session: the authorizer has just asked whether it is still good.
            if (user.TokenIdOf() is not null)
            {
                return true;
            }

            // A scope of its own, so that the person is read anew.
            await using var services = scopes.CreateAsyncScope();
            var signIn = services.ServiceProvider.GetRequiredService<SignInManager<PortalUser>>();
            return await signIn.ValidateSecurityStampAsync(user) is not null;
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            // While the database is away no grant changes either.
            return true;
        }
    }
}
