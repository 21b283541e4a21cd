using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Images.Listing;
using Portal.Web.Features.Images.Transfers;

namespace Portal.Web.Features.Images;

internal static class ImagesServiceCollectionExtensions
{
    /// <summary>
    /// Images; <see cref="ImageUploadEndpoint.MapImageUpload"/> and <see cref="ImageSaveEndpoint.MapImageSave"/> map the endpoints of
    /// archives.
    /// </summary>
    public static IServiceCollection AddImages(this IServiceCollection services)
    {
        services.TryAddScoped<ImageCommands>();
        services.TryAddSingleton<ImageTransfers>();
        services.TryAddTransient<FleetImages>();
        return services;
    }
}
