using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portal.Web.Features.Docker;

internal static class DockerServiceCollectionExtensions
{
    /// <summary>The nodes' Docker APIs through the portal.</summary>
    public static IServiceCollection AddDocker(this IServiceCollection services)
    {
        services.TryAddSingleton<DockerForwarder>();
        return services;
    }
}
