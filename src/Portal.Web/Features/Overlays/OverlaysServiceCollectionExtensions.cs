using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Overlays.Telling;

namespace Portal.Web.Features.Overlays;

/// <summary>Registers networks that span nodes.</summary>
internal static class OverlaysServiceCollectionExtensions
{
    public static IServiceCollection AddOverlays(this IServiceCollection services)
    {
        services.TryAddSingleton<OverlaySignal>();
        services.TryAddSingleton<OverlayMaker>();
        services.TryAddSingleton<OverlayDirectory>();
        services.TryAddSingleton<StackPorts>();
        services.TryAddSingleton<OverlayTeller>();
        services.AddHostedService<OverlayWorker>();
        return services;
    }
}
