using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.StaticAssets;
using Portal.Web.Access;

namespace Portal.Web.Identity.Sessions;

/// <summary>Asks for each request whether the session that its cookie names is still good.</summary>
internal static class SessionCookie
{
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        // Files of the portal itself are for everybody: no need to ask the database for each.
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
        {
            return;
        }

        var sessions = context.HttpContext.RequestServices.GetRequiredService<SessionStore>();
        if (context.Principal is null || !await sessions.UseAsync(context.Principal, context.HttpContext.RequestAborted))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
            return;
        }

        await SecurityStampValidator.ValidatePrincipalAsync(context);
    }

    /// <summary>What is known of the sign-in stays, when the rest of the cookie is read anew.</summary>
    public static Task KeepAsync(SecurityStampRefreshingPrincipalContext context)
    {
        var kept = context.CurrentPrincipal?.Claims.Where(claim => claim.Type is PortalClaims.Session or "amr") ?? [];
        context.NewPrincipal?.Identities.First().AddClaims(kept.Select(claim => claim.Clone()));
        return Task.CompletedTask;
    }
}
