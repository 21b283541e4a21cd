using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Engine.Linux.Snapshots.Overlay;
using Portal.Engine.Linux.Trees;
using Portal.Engine.Snapshots;
using Portal.Engine.Trees;

namespace Portal.Engine.Linux.Snapshots;

/// <summary>Registers snapshots on overlayfs.</summary>
public static class SnapshotServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ISnapshotter"/>, <see cref="ILayerMaintenance"/>, <see cref="ILayerCheck"/>, <see cref="ILayerTrees"/>,
    /// <see cref="ILayerWriting"/> and
    /// <see cref="ITreeViews"/>, unless they are there. Needs the engine's options, logging and
    /// <c>AddLinuxStorage</c>.
    /// </summary>
    public static IServiceCollection AddLinuxSnapshots(this IServiceCollection services)
    {
        services.TryAddSingleton<OverlaySnapshotter>();
        services.TryAddSingleton<ISnapshotter>(provider => provider.GetRequiredService<OverlaySnapshotter>());
        services.TryAddSingleton<ILayerMaintenance>(provider => provider.GetRequiredService<OverlaySnapshotter>());
        services.TryAddSingleton<ILayerCheck>(provider => provider.GetRequiredService<OverlaySnapshotter>());
        services.TryAddSingleton<IRootFolders>(provider => provider.GetRequiredService<OverlaySnapshotter>());
        services.TryAddSingleton<ILayerWriting>(provider => provider.GetRequiredService<OverlaySnapshotter>());
        services.TryAddSingleton<ILayerTrees>(provider => provider.GetRequiredService<OverlaySnapshotter>());
        services.TryAddSingleton<ITreeViews, LinuxTreeViews>();
        return services;
    }
}
