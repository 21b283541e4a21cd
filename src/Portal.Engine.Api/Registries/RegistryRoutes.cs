using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Registries;

/// <summary>Docker's <c>/distribution</c>, and its search.</summary>
internal sealed class RegistryRoutes(RegistryQueryHandlers queries) : IDockerRoutes
{
    public void Map(DockerRouteBuilder routes)
    {
        routes
            .Map("GET", "/images/search", queries.SearchAsync)
            .Map("GET", "/distribution/{name}/json", queries.DescribeAsync);
    }
}
