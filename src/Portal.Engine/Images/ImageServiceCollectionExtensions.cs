using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Engine.Content;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Distribution.Pushing;
using Portal.Engine.Distribution.Queries;
using Portal.Engine.Distribution.Signatures;
using Portal.Engine.Distribution.Signatures.Bundles;
using Portal.Engine.Hosting;
using Portal.Engine.Images.Checking;
using Portal.Engine.Images.Committing;
using Portal.Engine.Images.Hosts;
using Portal.Engine.Images.Importing;
using Portal.Engine.Images.Installing;
using Portal.Engine.Images.Loading;
using Portal.Engine.Images.Saving;
using Portal.Engine.Images.Space;
using Portal.Engine.Images.Store;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Images;

/// <summary>Registers images.</summary>
public static class ImageServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IImages"/> and <see cref="IImageCollector"/> with all that they consist of, unless they are
    /// there. Needs the engine's options, a
    /// <see cref="TimeProvider"/>, durable files, <see cref="ISnapshotter"/> and <see cref="ILayerMaintenance"/>; uses
    /// <see cref="IImageUsers"/>,
    /// <see cref="Events.IEngineEvents"/>, <see cref="IImageGuard"/>, <see cref="IZstandardDecoder"/> and <see cref="IArchiveDecoder"/> where they are registered.
    /// </summary>
    public static IServiceCollection AddEngineImages(this IServiceCollection services)
    {
        services.TryAddSingleton<ContentStore>();
        services.TryAddSingleton<ContentLeases>();
        services.TryAddSingleton<ImageIndexRecovery>();
        services.TryAddSingleton<ImageStore>();
        services.TryAddSingleton(provider => new Decompression(
            provider.GetService<IZstandardDecoder>(), provider.GetService<IArchiveDecoder>()));
        services.TryAddSingleton<LayerInstaller>();
        services.TryAddSingleton<ImageRegistrar>();
        services.TryAddSingleton<ImageAssembler>();
        services.TryAddSingleton<LayerCommits>();
        services.TryAddSingleton<ArchiveLoader>();
        services.TryAddSingleton<HostBusybox>();
        services.TryAddSingleton<ImageRemover>();
        services.TryAddSingleton<HeldImages>();
        services.TryAddSingleton<UnneededBlobs>();
        services.TryAddSingleton(_ => new PieceGzip(Math.Min(4, Environment.ProcessorCount)));
        services.TryAddSingleton<LayerForms>();
        services.TryAddSingleton<StoredImages>();
        services.TryAddSingleton<StoredLists>();
        services.TryAddSingleton<IImageArchives, ArchiveSaver>();
        services.TryAddSingleton(provider => new ArchiveDownload(
            provider.GetRequiredService<RegistryPolicy>(), provider.GetRequiredService<RegistryConnections>().Proxy));
        services.TryAddSingleton<IImageImports, ImageImporter>();
        services.TryAddSingleton<IImageCollector, ImageCollector>();
        services.TryAddSingleton<IImages, LocalImages>();
        services.TryAddSingleton<IImageSpace, ImageSpace>();
        services.TryAddSingleton<BlobCheck>();
        services.TryAddSingleton<ImageExaminer>();
        services.TryAddSingleton<ImageMender>();
        services.TryAddSingleton<ListCheck>();
        services.TryAddSingleton<IStoreCheck, StoreCheck>();
        return services.AddDistribution();
    }

    private static IServiceCollection AddDistribution(this IServiceCollection services)
    {
        services.TryAddSingleton(new RegistryPolicy());
        services.TryAddSingleton<RegistryConnections>();
        services.TryAddSingleton(
            provider => new RegistryLogins(Path.Combine(provider.GetRequiredService<EngineOptions>().DataRoot, "registries")));
        services.TryAddSingleton<RegistryHttp>();
        services.TryAddSingleton<RegistryRetry>();
        services.TryAddSingleton<RegistryEndpoints>();
        services.TryAddSingleton<RegistryLogin>();
        services.TryAddSingleton<RegistrySearcher>();
        services.TryAddSingleton<NameLists>();
        services.TryAddSingleton<ManifestFetcher>();
        services.TryAddSingleton<Referrers>();
        services.TryAddSingleton<BundleReader>();
        services.TryAddSingleton<SignatureReader>();
        services.TryAddSingleton<IImageSignatures, ImageSignatures>();
        services.TryAddSingleton<LayerPuller>();
        services.TryAddSingleton<ImagePuller>();
        services.TryAddSingleton<ImagePusher>();
        services.TryAddSingleton<Registries>();
        services.TryAddSingleton<IRegistries>(provider => provider.GetRequiredService<Registries>());
        services.TryAddSingleton<IRegistryQueries>(provider => provider.GetRequiredService<Registries>());
        return services;
    }
}
