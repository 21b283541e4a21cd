using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Backups.Making;
using Portal.Web.Security.Outgoing;

namespace Portal.Web.Features.Backups;

internal static class BackupsServiceCollectionExtensions
{
    /// <summary>Backups of the portal: where they are kept, how they are made, and whether they bring back what they hold.</summary>
    public static IServiceCollection AddPortalBackups(this IServiceCollection services)
    {
        services.TryAddSingleton<OutgoingConnections>();
        services.TryAddSingleton<DestinationSecrets>();
        services.TryAddSingleton<PortalFiles>();
        services.TryAddSingleton<BackupStores>();
        services.TryAddSingleton<BackupRows>();
        services.TryAddSingleton<BackupRunner>();
        services.TryAddSingleton<BackupChecker>();
        services.TryAddSingleton<BackupDirectory>();
        return services;
    }
}
