using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Networks;

/// <summary>Docker's <c>/networks</c>.</summary>
internal sealed class NetworkRoutes(NetworkHandlers handlers) : IDockerRoutes
{
    private const string NoOwn = "own networks are not available in this engine yet";

    public void Map(DockerRouteBuilder routes)
    {
        routes
            .Map("GET", "/networks", handlers.ListAsync)
            .Map("GET", "/networks/{id}", handlers.InspectAsync)
            .Map("POST", "/networks/prune", handlers.PruneAsync, note: "The networks that are there are the built-in ones, which stay.")
            .Map("DELETE", "/networks/{id}", handlers.RemoveAsync, note: "The networks that are there are the built-in ones, which stay.")
            .Refuse("POST", "/networks/create", 501, NoOwn)
            .Refuse("POST", "/networks/{id}/connect", 501, NoOwn)
            .Refuse("POST", "/networks/{id}/disconnect", 501, NoOwn);
    }
}
