using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Configuration;
using Portal.Web.Features.Updates.Checking;
using Portal.Web.Features.Updates.Containers;
using Portal.Web.Features.Updates.Policies;
using Portal.Web.Features.Updates.Rules;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Updates;

internal static class UpdatesServiceCollectionExtensions
{
    /// <summary>Whether registries have newer images than what runs.</summary>
    public static IServiceCollection AddUpdates(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new ImageCheckOptions
        {
            Interval = provider.GetRequiredService<IOptions<PortalOptions>>().Value.ImageCheckInterval ?? TimeSpan.Zero,
        });
        services.TryAddSingleton<ImageUpdates>();
        services.TryAddSingleton<NodeDigests>();
        services.TryAddSingleton<ImageCheckStore>();
        services.TryAddSingleton(provider => new UpdateChecks(
            provider.GetRequiredService<ImageCheckStore>(), provider.GetRequiredService<IAuthorizer>()));
        services.TryAddSingleton<ImagePolicyDirectory>();
        services.TryAddSingleton<FollowedImages>();
        services.TryAddSingleton<ImageTaking>();
        services.TryAddSingleton<ImageRuleDirectory>();
        services.TryAddSingleton<ContainerUpdateSignal>();
        services.TryAddSingleton<ContainerUpdateStore>();
        services.TryAddSingleton<ContainerUpdateRun>();
        services.TryAddSingleton(provider => new ContainerUpdates(
            provider.GetRequiredService<IDbContextFactory<PortalDbContext>>(), provider.GetRequiredService<IFleet>(),
            provider.GetRequiredService<IAuthorizer>(), provider.GetRequiredService<IAuditLog>(),
            provider.GetRequiredService<ContainerUpdateSignal>(), provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<ContainerUpdateWorker>();
        services.AddHostedService<ImageCheckWorker>();
        services.AddHostedService<ImagePolicyWorker>();
        return services;
    }
}
