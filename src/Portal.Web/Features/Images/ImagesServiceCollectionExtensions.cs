using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portal.Web.Features.Images;

internal static class ImagesServiceCollectionExtensions
{
    /// <summary>Images; <see cref="ImageUploadEndpoint.MapImageUpload"/> maps the endpoint of uploads.</summary>
    public static IServiceCollection AddImages(this IServiceCollection services)
    {
        services.TryAddScoped<ImageCommands>();
        services.TryAddSingleton<ImagePulls>();
        return services;
    }
}
