using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Alerts.Rules;
using Portal.Web.Features.Alerts.Sending;
using Portal.Web.Security.Outgoing;

namespace Portal.Web.Features.Alerts;

public static class AlertsServiceCollectionExtensions
{
    /// <summary>Watches for what goes wrong and tells whom it should.</summary>
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.TryAddSingleton<OutgoingConnections>();
        services.TryAddSingleton<TargetSecrets>();
        services.TryAddSingleton<AlertSender>();
        services.TryAddSingleton<LogMatches>();
        services.TryAddSingleton<AlertObserver>();
        services.TryAddSingleton(provider => new AlertDirectory(
            provider.GetRequiredService<IDbContextFactory<PortalDbContext>>(),
            provider.GetRequiredService<TargetSecrets>(),
            provider.GetRequiredService<AlertSender>(),
            provider.GetRequiredService<IAuthorizer>(),
            provider.GetRequiredService<IAuditLog>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<AlertWorker>();
        services.AddHostedService<DeliveryWorker>();
        return services;
    }
}
