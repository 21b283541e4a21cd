using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Audit.Chain;

namespace Portal.Web.Audit;

public static class AuditServiceCollectionExtensions
{
    /// <summary>Adds the <see cref="IAuditLog"/> and what reads it.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.TryAddSingleton<AuditChainKey>();
        services.TryAddSingleton<AuditChain>();
        services.TryAddSingleton<AuditRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditRetention>());
        services.TryAddSingleton<DatabaseAuditLog>();
        services.TryAddSingleton<BoundedAuditLog>();
        services.TryAddSingleton<IAuditLog>(provider => provider.GetRequiredService<BoundedAuditLog>());
        services.AddHostedService(provider => provider.GetRequiredService<BoundedAuditLog>());
        services.TryAddSingleton<AuditReader>();
        return services;
    }
}
