using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Portal.Web.Access;
using Portal.Web.Identity.Policies;
using Portal.Web.Identity.Sessions;
using Portal.Web.Security;

namespace Portal.Web.Identity;

/// <summary>The session cookie, and what happens to whoever has none or may not.</summary>
internal static class PortalCookie
{
    public const string SignInPath = "/sign-in";
    public const string CodePath = "/sign-in/code";
    public const string ChangePasswordPath = "/account/password";

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "portal-session";
        options.Cookie.HttpOnly = true;

        // Lax, not Strict: a link to a page of the portal in a mail or chat must find its reader signed in. Changes need antiforgery
        // tokens or the circuit, whose origin is checked.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;

        // The session that it names ends before, as the policy says (see SessionStore).
        options.ExpireTimeSpan = TimeSpan.FromHours(SignInPolicy.MostLifetimeHours);
        options.SlidingExpiration = false;
        options.LoginPath = SignInPath;
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnValidatePrincipal = SessionCookie.ValidateAsync;
        options.Events.OnRedirectToLogin = OnRedirectToLogin;
        options.Events.OnRedirectToAccessDenied = OnRedirectToAccessDenied;
    }

    /// <summary>The cookie of somebody who has shown a password and owes a code, or who has been given a challenge for a passkey.</summary>
    public static void ConfigureSecondStep(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "portal-second-step";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = TimeSpan.FromMinutes(5);
        options.SlidingExpiration = false;
    }

    private static Task OnRedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (context.Request.IsForPage())
        {
            context.Response.Redirect(context.RedirectUri);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }

        return Task.CompletedTask;
    }

    private static Task OnRedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (context.Request.IsForPage() && context.HttpContext.User.HasClaim(claim => claim.Type == PortalClaims.MustChangePassword))
        {
            context.Response.Redirect(context.Request.PathBase + ChangePasswordPath);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }

        return Task.CompletedTask;
    }
}
