using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Stacks.Git;
using Portal.Web.Features.Stacks.Images;
using Portal.Web.Features.Stacks.Proposals;
using Portal.Web.Features.Stacks.Sources;
using Portal.Web.Security.Outgoing;

namespace Portal.Web.Features.Stacks;

internal static class StacksServiceCollectionExtensions
{
    /// <summary>Stacks: Compose files with their revisions, and what runs of them.</summary>
    public static IServiceCollection AddStacks(this IServiceCollection services)
    {
        services.TryAddSingleton<StackSecrets>();
        services.TryAddSingleton<StackDirectory>();
        services.TryAddSingleton<ImageRevisions>();
        services.TryAddSingleton<GitRepositories>();
        services.TryAddSingleton<StackSourceSecrets>();
        services.TryAddScoped<StackProposals>();
        services.TryAddSingleton<StackFetcher>();
        services.TryAddSingleton<OutgoingConnections>();
        services.TryAddSingleton<StackSourceDirectory>();
        services.TryAddSingleton<StackSources>();
        services.TryAddSingleton<StackSourceStates>();
        services.AddHostedService<StackSourceWorker>();
        services.TryAddSingleton<IStackSources>(provider => provider.GetRequiredService<StackSources>());
        return services;
    }
}
