using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;

namespace Portal.Web.Identity;

/// <summary>Looks again, while a page is open, whether its user may still be signed in: not disabled, password not reset.</summary>
/// <remarks>One per circuit. What the user does is decided from the grants each time, so this only ends the page.</remarks>
internal sealed class RevalidatingUser(ILoggerFactory loggers, IServiceScopeFactory scopes)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        // A scope of its own, so that the person is read anew and not from what this circuit has loaded before.
        await using var scope = scopes.CreateAsyncScope();
        var signIn = scope.ServiceProvider.GetRequiredService<SignInManager<PortalUser>>();
        ClaimsPrincipal user = authenticationState.User;
        return await signIn.ValidateSecurityStampAsync(user) is not null;
    }
}
