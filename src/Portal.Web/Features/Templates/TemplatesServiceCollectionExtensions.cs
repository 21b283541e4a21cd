using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portal.Web.Features.Templates;

internal static class TemplatesServiceCollectionExtensions
{
    /// <summary>Stacks that others have written down.</summary>
    public static IServiceCollection AddTemplates(this IServiceCollection services)
    {
        services.TryAddSingleton<TemplateCatalogue>();
        return services;
    }
}
