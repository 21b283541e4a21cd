using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Volumes;

/// <summary>Docker's <c>/volumes</c>.</summary>
internal sealed class VolumeRoutes(VolumeHandlers handlers) : IDockerRoutes
{
    private const string LocalOnly = "The local driver.";

    public void Map(DockerRouteBuilder routes)
    {
        routes
            .Map("GET", "/volumes", handlers.ListAsync)
            .Map("POST", "/volumes/create", handlers.CreateAsync, note: LocalOnly)
            .Map("POST", "/volumes/prune", handlers.PruneAsync)
            .Map("GET", "/volumes/{id}", handlers.InspectAsync)
            .Map("DELETE", "/volumes/{id}", handlers.RemoveAsync)
            .Refuse("PUT", "/volumes/{id}", 503, "This node is not a swarm manager: only cluster volumes can be updated.");
    }
}
