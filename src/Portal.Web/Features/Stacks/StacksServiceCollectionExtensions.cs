using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portal.Web.Features.Stacks;

internal static class StacksServiceCollectionExtensions
{
    /// <summary>Stacks: Compose files with their revisions, and what runs of them.</summary>
    public static IServiceCollection AddStacks(this IServiceCollection services)
    {
        services.TryAddSingleton<StackSecrets>();
        services.TryAddSingleton<StackDirectory>();
        return services;
    }
}
