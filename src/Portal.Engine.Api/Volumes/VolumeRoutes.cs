using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Volumes;

/// <summary>Docker's <c>/volumes</c>.</summary>
internal sealed class VolumeRoutes(VolumeHandlers handlers) : IDockerRoutes
{
    private const string PlainOnly = "The local driver without options.";

    public void Map(DockerRouteBuilder routes)
    {
        routes
            .Map("GET", "/volumes", handlers.ListAsync)
            .Map("POST", "/volumes/create", handlers.CreateAsync, support: DockerRouteSupport.Partial, note: PlainOnly)
            .Map("POST", "/volumes/prune", handlers.PruneAsync)
            .Map("GET", "/volumes/{id}", handlers.InspectAsync)
            .Map("DELETE", "/volumes/{id}", handlers.RemoveAsync)
            .Refuse("PUT", "/volumes/{id}", 503, "This node is not a swarm manager: only cluster volumes can be updated.");
    }
}
