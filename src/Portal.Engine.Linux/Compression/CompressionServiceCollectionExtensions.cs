using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Engine.Content;

namespace Portal.Engine.Linux.Compression;

/// <summary>Registers compression formats that the base library lacks.</summary>
public static class CompressionServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IZstandardDecoder"/> and <see cref="IArchiveDecoder"/>, unless they are there.</summary>
    public static IServiceCollection AddLinuxCompression(this IServiceCollection services)
    {
        services.TryAddSingleton<IZstandardDecoder, ZstandardDecoder>();
        services.TryAddSingleton<IArchiveDecoder, ArchiveDecoder>();
        return services;
    }
}
