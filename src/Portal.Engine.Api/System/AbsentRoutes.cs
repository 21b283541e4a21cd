using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.System;

/// <summary>Swarm, plugin and session paths: they answer as an engine does that is in no swarm and has no plugins, never with a missing page.</summary>
internal sealed class AbsentRoutes : IDockerRoutes
{
    private const string NoSwarm =
        "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.";

    private const string NoPart = "This node is not part of a swarm";
    private const string NoMode = "swarm mode is not available in this engine; the portal deploys to many nodes";
    private const string NoPlugins = "plugins are not available in this engine";
    private const string NoSession = "sessions for builds are not available in this engine";

    private static readonly (string Method, string Path)[] s_swarm =
    [
        ("GET", "/swarm"), ("POST", "/swarm/update"), ("GET", "/swarm/unlockkey"), ("POST", "/swarm/unlock"),
        ("GET", "/nodes"), ("GET", "/nodes/{id}"), ("DELETE", "/nodes/{id}"), ("POST", "/nodes/{id}/update"),
        ("GET", "/services"), ("POST", "/services/create"), ("GET", "/services/{id}"), ("DELETE", "/services/{id}"),
        ("POST", "/services/{id}/update"), ("GET", "/services/{id}/logs"),
        ("GET", "/tasks"), ("GET", "/tasks/{id}"), ("GET", "/tasks/{id}/logs"),
        ("GET", "/secrets"), ("POST", "/secrets/create"), ("GET", "/secrets/{id}"), ("DELETE", "/secrets/{id}"),
        ("POST", "/secrets/{id}/update"),
        ("GET", "/configs"), ("POST", "/configs/create"), ("GET", "/configs/{id}"), ("DELETE", "/configs/{id}"),
        ("POST", "/configs/{id}/update"),
    ];

    private static readonly (string Method, string Path)[] s_plugins =
    [
        ("GET", "/plugins/privileges"), ("POST", "/plugins/pull"), ("POST", "/plugins/create"),
        ("DELETE", "/plugins/{name}"), ("POST", "/plugins/{name}/enable"),
        ("POST", "/plugins/{name}/disable"), ("POST", "/plugins/{name}/upgrade"), ("POST", "/plugins/{name}/push"),
        ("POST", "/plugins/{name}/set"),
    ];

    public void Map(DockerRouteBuilder routes)
    {
        foreach (var (method, path) in s_swarm)
        {
            routes.Refuse(method, path, StatusCodes.Status503ServiceUnavailable, NoSwarm);
        }

        foreach (var (method, path) in s_plugins)
        {
            routes.Refuse(method, path, StatusCodes.Status501NotImplemented, NoPlugins);
        }

        routes
            .Map("GET", "/plugins", ListPluginsAsync)
            .Map("GET", "/plugins/{name}/json", MissPluginAsync)
            .Refuse("POST", "/swarm/init", StatusCodes.Status501NotImplemented, NoMode)
            .Refuse("POST", "/swarm/join", StatusCodes.Status501NotImplemented, NoMode)
            .Refuse("POST", "/swarm/leave", StatusCodes.Status503ServiceUnavailable, NoPart)
            .Refuse("POST", "/session", StatusCodes.Status501NotImplemented, NoSession)
            .Refuse("POST", "/grpc", StatusCodes.Status501NotImplemented, NoSession);
    }

    private static Task ListPluginsAsync(HttpContext context)
    {
        return DockerJson.WriteAsync(context, [], DockerJsonContext.Default.ListString);
    }

    /// <summary><c>docker inspect</c> asks for any kind of object of a name, plugins last, and takes nothing but 404 for "not here".</summary>
    private static Task MissPluginAsync(HttpContext context)
    {
        throw EngineException.NotFound($"plugin \"{context.ImageName("/json")}\" not found");
    }
}
