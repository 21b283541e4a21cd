using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Access.Tokens;

namespace Portal.Web.Features.Tokens;

internal static class TokensServiceCollectionExtensions
{
    /// <summary>API tokens: their directory, and the scheme that reads them in place of the session's cookie.</summary>
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.TryAddSingleton<TokenAttempts>();
        services.TryAddSingleton<TokenDirectory>();
        services.TryAddSingleton<ServiceAccounts>();
        services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, TokenAuthenticationHandler>(TokenAuthenticationDefaults.Scheme, null);
        services.Configure<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme, cookie =>
            cookie.ForwardDefaultSelector = context =>
                TokenAuthenticationDefaults.IsByToken(context) ? TokenAuthenticationDefaults.Scheme : null);
        return services;
    }
}
