using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Settings;
using Portal.Web.Features.Settings.Providers;
using Portal.Web.Identity.Providers.Protocol;
using Portal.Web.Security.Outgoing;

namespace Portal.Web.Identity.Providers;

internal static class ProvidersServiceCollectionExtensions
{
    /// <summary>Signing in by the word of others: OpenID Connect and GitHub.</summary>
    public static IServiceCollection AddSignInProviders(this IServiceCollection services)
    {
        services.TryAddSingleton<OutgoingConnections>();
        services.TryAddSingleton<ProviderDocuments>();
        services.TryAddSingleton<ProviderSecrets>();
        services.TryAddSingleton<ProviderSession>();
        services.TryAddSingleton<SignInProviders>();
        services.TryAddSingleton<ProvidedPeople>();
        services.TryAddSingleton<PersonLinks>();
        services.TryAddScoped<ProviderSignIn>();
        services.TryAddSingleton<ProviderDirectory>();
        services.TryAddSingleton<SignInRules>();
        services.TryAddSingleton<ProviderCheck>();
        return services;
    }
}
