using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portal.Web.Audit;

public static class AuditServiceCollectionExtensions
{
    /// <summary>Adds the <see cref="IAuditLog"/> and what reads it.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.TryAddSingleton<IAuditLog, DatabaseAuditLog>();
        services.TryAddSingleton<AuditReader>();
        return services;
    }
}
