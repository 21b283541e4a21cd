using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Api.Volumes.Models;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Volumes;

/// <summary>Docker's <c>/volumes</c>: this engine has none yet, so every list is empty and every name is unknown.</summary>
internal sealed class VolumeRoutes : IDockerRoutes
{
    private const string None = "There are no volumes in this engine yet.";
    private const string NoCreate = "named volumes are not available in this engine yet; use a host path";

    public void Map(DockerRouteBuilder routes)
    {
        routes
            .Map("GET", "/volumes", ListAsync, support: DockerRouteSupport.Partial, note: None)
            .Map("POST", "/volumes/prune", PruneAsync, support: DockerRouteSupport.Partial, note: None)
            .Map("GET", "/volumes/{id}", MissAsync, support: DockerRouteSupport.Partial, note: None)
            .Map("PUT", "/volumes/{id}", MissAsync, support: DockerRouteSupport.Partial, note: None)
            .Map("DELETE", "/volumes/{id}", MissAsync, support: DockerRouteSupport.Partial, note: None)
            .Refuse("POST", "/volumes/create", 501, NoCreate);
    }

    private static Task ListAsync(HttpContext context)
    {
        DockerFilters.Read(context, "dangling", "driver", "label", "name");
        return DockerJson.WriteAsync(context, new VolumeListAnswer([], null), DockerJsonContext.Default.VolumeListAnswer);
    }

    private static Task PruneAsync(HttpContext context)
    {
        DockerFilters.Read(context, "all", "label", "label!");
        return DockerJson.WriteAsync(context, new VolumePruneAnswer([], 0), DockerJsonContext.Default.VolumePruneAnswer);
    }

    private static Task MissAsync(HttpContext context)
    {
        throw EngineException.NotFound($"get {context.Id()}: no such volume");
    }
}
