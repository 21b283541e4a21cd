using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Features.Registries;

internal static class RegistriesServiceCollectionExtensions
{
    /// <summary>The portal's registries and its logins to them.</summary>
    public static IServiceCollection AddRegistries(this IServiceCollection services)
    {
        services.TryAddSingleton<RegistrySecrets>();
        services.TryAddSingleton<IRegistryCredentials, StoredRegistryCredentials>();
        services.TryAddSingleton(provider => new RegistryDirectory(
            provider.GetRequiredService<IDbContextFactory<PortalDbContext>>(),
            provider.GetRequiredService<RegistrySecrets>(),
            provider.GetRequiredService<IAuthorizer>(),
            provider.GetRequiredService<IAuditLog>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<RegistryTags>();
        services.TryAddScoped<RegistryQueries>();
        services.TryAddScoped<RegistryNodes>();
        return services;
    }
}
