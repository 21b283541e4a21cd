using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Stacks.Git;
using Portal.Web.Features.Templates.Catalogues;
using Portal.Web.Security.Outgoing;

namespace Portal.Web.Features.Templates;

internal static class TemplatesServiceCollectionExtensions
{
    /// <summary>Stacks that others have written down.</summary>
    public static IServiceCollection AddTemplates(this IServiceCollection services)
    {
        services.TryAddSingleton<OutgoingConnections>();
        services.TryAddSingleton<GitRepositories>();
        services.TryAddSingleton<CatalogueSecrets>();
        services.TryAddSingleton<CatalogueFetcher>();
        services.TryAddSingleton<CatalogueDirectory>();
        services.TryAddSingleton<TemplateCatalogue>();
        services.AddHostedService<CatalogueWorker>();
        return services;
    }
}
