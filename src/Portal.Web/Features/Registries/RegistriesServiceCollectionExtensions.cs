using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Features.Registries;

internal static class RegistriesServiceCollectionExtensions
{
    /// <summary>The portal's registries and its logins to them.</summary>
    public static IServiceCollection AddRegistries(this IServiceCollection services)
    {
        services.TryAddSingleton<RegistrySecrets>();
        services.TryAddSingleton<IRegistryCredentials, StoredRegistryCredentials>();
        return services;
    }
}
