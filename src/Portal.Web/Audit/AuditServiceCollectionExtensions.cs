using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portal.Web.Audit;

public static class AuditServiceCollectionExtensions
{
    /// <summary>Adds the <see cref="IAuditLog"/> and what reads it.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.TryAddSingleton<DatabaseAuditLog>();
        services.TryAddSingleton<BoundedAuditLog>();
        services.TryAddSingleton<IAuditLog>(provider => provider.GetRequiredService<BoundedAuditLog>());
        services.AddHostedService(provider => provider.GetRequiredService<BoundedAuditLog>());
        services.TryAddSingleton<AuditReader>();
        return services;
    }
}
