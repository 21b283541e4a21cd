using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Builds.History;
using Portal.Web.Features.Builds.Running;

namespace Portal.Web.Features.Builds;

internal static class BuildsServiceCollectionExtensions
{
    /// <summary>Builds and their cache; <see cref="BuildContextEndpoint.MapBuildContext"/> maps the endpoint of contexts.</summary>
    public static IServiceCollection AddBuilds(this IServiceCollection services)
    {
        services.TryAddScoped<BuildCommands>();
        services.TryAddSingleton<BuildHistory>();
        services.TryAddSingleton<BuildRuns>();
        return services;
    }
}
