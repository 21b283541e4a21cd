using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Portal.Data.Entities.Access;
using Portal.Web.Identity.Providers.Protocol;

namespace Portal.Web.Identity.Providers;

/// <summary>Makes the framework's handler for one provider and one request.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class ProviderSession(
    ProviderDocuments documents, ProviderSecrets secrets, IDataProtectionProvider protection, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>Where providers send people back to, each to its own: an answer of one is no answer of another.</summary>
    public static string ReturnPath(Guid providerId) => $"/sign-in/return/{providerId}";

    /// <exception cref="ProviderException">The provider can't be used.</exception>
    public async Task<ProviderHandler> OpenAsync(HttpContext context, SignInProvider provider)
    {
        var handler = new ProviderHandler(await MakeOptionsAsync(provider, secrets.Unprotect(provider), context.RequestAborted), loggers);
        var scheme = new AuthenticationScheme($"provider-{provider.Id:N}", provider.Name, typeof(ProviderHandler));
        await handler.InitializeAsync(scheme, context);
        return handler;
    }

    /// <exception cref="ProviderException">The provider can't be used.</exception>
    public async Task<ProviderOptions> MakeOptionsAsync(SignInProvider provider, string secret, CancellationToken cancellationToken)
    {
        var kind = Enum.Parse<ProviderKind>(provider.Kind);
        var settings = ProviderSettings.Parse(provider.Settings);
        var endpoints = await documents.ReadAsync(kind, provider.Authority, anew: false, cancellationToken);
        var options = new ProviderOptions
        {
            Kind = kind,
            Authority = provider.Authority,
            Endpoints = endpoints,
            Documents = documents,
            GroupClaim = settings.GroupClaim,
            ClientId = provider.ClientId,
            ClientSecret = secret,
            AuthorizationEndpoint = endpoints.Authorization,
            TokenEndpoint = endpoints.Token,
            UsePkce = true,
            CallbackPath = ReturnPath(provider.Id),
            TimeProvider = time,
            StateDataFormat = new PropertiesDataFormat(
                protection.CreateProtector("Portal.SignInProviders.State.v1", provider.Id.ToString("N"))),
        };
        foreach (var scope in settings.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            options.Scope.Add(scope);
        }

        // Lax: the provider sends the browser back by a link, and nothing else brings it along.
        options.CorrelationCookie.Name = "portal-sign-in-";
        options.CorrelationCookie.SameSite = SameSiteMode.Lax;
        options.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        return options;
    }
}
