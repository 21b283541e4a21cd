using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Data;
using Portal.Data.Entities;

namespace Portal.Web.Identity;

public static class IdentityServiceCollectionExtensions
{
    /// <summary>Adds people, passwords, the session cookie and the first administrator.</summary>
    public static IServiceCollection AddPortalIdentity(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddCascadingAuthenticationState();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.ConfigureApplicationCookie(PortalCookie.Configure);
        services.AddIdentityCore<PortalUser>(Configure)
            .AddEntityFrameworkStores<PortalDbContext>()
            .AddSignInManager<PortalSignInManager>()
            .AddClaimsPrincipalFactory<PortalClaimsFactory>()
            .AddDefaultTokenProviders();
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.FromSeconds(10));
        services.AddScoped<AuthenticationStateProvider, RevalidatingUser>();
        services.AddTransient<IClaimsTransformation, AddressClaims>();
        services.TryAddSingleton<SignInLimiter>();
        services.TryAddScoped<PasswordSignIn>();
        services.TryAddScoped<FirstAdministrator>();
        return services;
    }

    private static void Configure(IdentityOptions options)
    {
        // Length counts, not kinds of characters (NIST SP 800-63B). Hashes: PBKDF2 with HMAC-SHA512, 100,000 rounds, Identity's default.
        options.Password.RequiredLength = 10;
        options.Password.RequiredUniqueChars = 4;
        options.Password.RequireDigit = false;
        options.Password.RequireLowercase = false;
        options.Password.RequireUppercase = false;
        options.Password.RequireNonAlphanumeric = false;
        options.Lockout.MaxFailedAccessAttempts = 5;
        options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
        options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
    }
}
