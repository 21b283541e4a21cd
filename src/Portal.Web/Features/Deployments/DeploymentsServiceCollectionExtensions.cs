using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Web.Configuration;
using Portal.Web.Features.Deployments.Adoption;
using Portal.Web.Features.Deployments.Holding;
using Portal.Web.Features.Deployments.Keeping;
using Portal.Web.Features.Deployments.Previewing;
using Portal.Web.Features.Deployments.Promoting;
using Portal.Web.Features.Deployments.Reporting;
using Portal.Web.Features.Deployments.Running;
using Portal.Web.Features.Deployments.Spreading;
using Portal.Web.Features.Deployments.Telling;
using Portal.Web.Features.Overlays;
using Portal.Web.Features.Registries.Storage;
using Portal.Web.Features.Stacks;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Deployments;

internal static class DeploymentsServiceCollectionExtensions
{
    /// <summary>Deployments of stacks: durable jobs, and what works on them.</summary>
    public static IServiceCollection AddDeployments(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new DeploymentOptions
        {
            LostAfter = provider.GetRequiredService<IOptions<PortalOptions>>().Value.NodeLostAfter ?? TimeSpan.FromMinutes(5),
        });
        services.TryAddSingleton<DeploymentSignal>();
        services.TryAddSingleton<DeploymentStore>();
        services.TryAddSingleton<DeploymentPeople>();
        services.TryAddSingleton<LostNodes>();
        services.TryAddSingleton<IStackNetworks, StackNetworks>();
        services.TryAddSingleton(provider => new DeploymentTools(
            provider.GetRequiredService<DeploymentStore>(),
            provider.GetRequiredService<DeploymentPeople>(),
            provider.GetRequiredService<StackSecrets>(),
            provider.GetRequiredService<INodeClients>(),
            provider.GetRequiredService<IFleet>(),
            provider.GetRequiredService<IRegistryCredentials>(),
            provider.GetRequiredService<DeploymentOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<LostNodes>(),
            provider.GetRequiredService<IStackNetworks>()));
        services.TryAddSingleton<DeploymentCommands>();
        services.TryAddSingleton<DeploymentQueries>();
        services.TryAddSingleton<SpreadPreviews>();
        services.TryAddSingleton<DeploymentPreviews>();
        services.TryAddSingleton<StackAdoption>();
        services.TryAddSingleton<StackPromotions>();
        services.TryAddSingleton<CommitTokens>();
        services.TryAddSingleton<CommitSender>();
        services.TryAddSingleton<CommitReporters>();
        services.TryAddSingleton<ImagePinner>();
        services.TryAddSingleton<DeploymentReleases>();
        services.TryAddSingleton<DeploymentApprovals>();
        services.TryAddSingleton<PausedDeployments>();
        services.TryAddSingleton<DeploymentTelling>();
        services.TryAddSingleton<IDeployments, DeploymentQueue>();
        services.AddHostedService<AwayNodeKeeper>();
        services.AddHostedService<DeploymentWorker>();
        services.AddHostedService<SpreadKeeper>();
        services.AddHostedService<HeldDeploymentWorker>();
        services.AddHostedService<CommitReportWorker>();
        services.AddHostedService<DeploymentRetention>();
        return services;
    }
}
