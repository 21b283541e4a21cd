using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Networks;

/// <summary>Docker's <c>/networks</c>.</summary>
internal sealed class NetworkRoutes(NetworkHandlers handlers) : IDockerRoutes
{
    private const string Local =
        "Drivers bridge, macvlan and ipvlan (overlay: by the portal alone); one subnet of each family; no swarms, no plugins.";

    public void Map(DockerRouteBuilder routes)
    {
        routes
            .Map("GET", "/networks", handlers.ListAsync)
            .Map("GET", "/networks/{id}", handlers.InspectAsync, note: "`verbose` adds the services of swarms: there are none.")
            .Map("POST", "/networks/prune", handlers.PruneAsync)
            .Map("DELETE", "/networks/{id}", handlers.RemoveAsync)
            .Map("POST", "/networks/create", handlers.CreateAsync, support: DockerRouteSupport.Partial, note: Local)
            .Map("POST", "/networks/{id}/connect", handlers.ConnectAsync)
            .Map("POST", "/networks/{id}/disconnect", handlers.DisconnectAsync);
    }
}
