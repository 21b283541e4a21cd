using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Data.Entities;
using Portal.Web.Identity.Invitations;
using Portal.Web.Identity.Passkeys;
using Portal.Web.Identity.Policies;
using Portal.Web.Identity.Providers;
using Portal.Web.Identity.Sessions;
using Portal.Web.Identity.Setup;
using Portal.Web.Identity.TwoFactor;

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
            .AddUserStore<PortalUserStore>()
            .AddPasswordValidator<PasswordRules>()
            .AddSignInManager<PortalSignInManager>()
            .AddClaimsPrincipalFactory<PortalClaimsFactory>()
            .AddDefaultTokenProviders()
            .AddTokenProvider<OneTimeCodes>(TokenOptions.DefaultAuthenticatorProvider);
        services.AddScoped<PortalSignInManager>(provider => (PortalSignInManager)provider.GetRequiredService<SignInManager<PortalUser>>());
        services.Configure<CookieAuthenticationOptions>(IdentityConstants.TwoFactorUserIdScheme, PortalCookie.ConfigureSecondStep);
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            // A passkey stands for two factors, and for a name: the device must ask who holds it, and must know whose it is.
            options.UserVerificationRequirement = "required";
            options.ResidentKeyRequirement = "required";
        });
        services.Configure<SecurityStampValidatorOptions>(options =>
        {
            options.ValidationInterval = TimeSpan.FromSeconds(10);
            options.OnRefreshingPrincipal = SessionCookie.KeepAsync;
        });
        services.AddScoped<AuthenticationStateProvider, RevalidatingUser>();
        services.AddSessions();
        services.AddTransient<IClaimsTransformation, AddressClaims>();
        services.TryAddSingleton<SignInLimiter>();
        services.TryAddScoped<SignInRecords>();
        services.TryAddScoped<PasswordSignIn>();
        services.TryAddScoped<PasswordProof>();
        services.TryAddScoped<TwoFactorSignIn>();
        services.TryAddScoped<TwoFactorSetup>();
        services.TryAddScoped<PersonPasskeys>();
        services.TryAddScoped<PasskeySignIn>();
        services.TryAddSingleton<SetupToken>();
        services.TryAddScoped<FirstAdministrator>();
        services.TryAddSingleton<BreachedPasswords>();
        services.TryAddSingleton<InvitationBook>();
        services.AddSignInProviders();
        return services;
    }

    private static void AddSessions(this IServiceCollection services)
    {
        services.TryAddSingleton<SignInPolicies>();
        services.TryAddSingleton<SessionStore>();
        services.TryAddSingleton<SessionEndings>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionEndings>());
        services.TryAddSingleton<PersonSessions>();
        services.AddScoped<CircuitHandler, CircuitActivity>();
    }

    private static void Configure(IdentityOptions options)
    {
        // Length counts, not kinds of characters (NIST SP 800-63B); PasswordRules asks for it. Hashes: PBKDF2 with HMAC-SHA512, 100,000
        // rounds, Identity's default.
        options.Password.RequiredLength = 1;
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
