using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Execs;

/// <summary>Docker's <c>/exec</c>.</summary>
internal sealed class ExecRoutes(ExecHandlers handlers) : IDockerRoutes
{
    public void Map(DockerRouteBuilder routes)
    {
        routes
            .Map("POST", "/containers/{id}/exec", handlers.CreateAsync)
            .Map("POST", "/exec/{id}/start", handlers.StartAsync, DockerRouteBody.Hijack)
            .Map("POST", "/exec/{id}/resize", handlers.ResizeAsync)
            .Map("GET", "/exec/{id}/json", handlers.InspectAsync);
    }
}
