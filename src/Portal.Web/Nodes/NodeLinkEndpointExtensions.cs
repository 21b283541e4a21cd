using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Mvc;
using Portal.Contracts.Link;
using Portal.Web.Nodes.Joining;
using Portal.Web.Nodes.Link;
using Portal.Web.Nodes.Portals;
using Portal.Web.Nodes.Telemetry;

namespace Portal.Web.Nodes;

/// <summary>Maps what agents reach.</summary>
public static class NodeLinkEndpointExtensions
{
    private const int MaximumJoinLength = 16 * 1024;

    /// <summary>Passes on what agents ask of other portals of the database. Before authentication: they prove themselves to those.</summary>
    public static IApplicationBuilder UsePortalRelay(this IApplicationBuilder app)
    {
        var relay = app.ApplicationServices.GetRequiredService<PortalRelay>();
        return app.Use(next => context => relay.InvokeAsync(context, next));
    }

    /// <summary>
    /// Maps the paths of <see cref="LinkProtocol"/>, and what a host fetches before it speaks that. The host has called <c>UseWebSockets</c>,
    /// <c>UseAuthentication</c> and <c>UseAuthorization</c> before.
    /// </summary>
    public static IEndpointRouteBuilder MapNodeLink(this IEndpointRouteBuilder endpoints)
    {
        var join = endpoints.ServiceProvider.GetRequiredService<JoinEndpoint>();
        endpoints.MapPost(LinkProtocol.JoinPath, join.HandleAsync)
            .AddEndpointFilter(endpoints.ServiceProvider.GetRequiredService<JoinRateLimit>())
            .WithMetadata(new RequestSizeLimitAttribute(MaximumJoinLength))
            .AllowAnonymous()
            .DisableAntiforgery();
        endpoints.MapPost(
                LinkProtocol.ChallengePath,
                (LinkNonces nonces, PortalRoster roster) => new Challenge(nonces.Create()) { Portal = roster.Self })
            .AllowAnonymous()
            .DisableAntiforgery();
        endpoints.MapPost(LinkProtocol.KeyPath, endpoints.ServiceProvider.GetRequiredService<KeyEndpoint>().HandleAsync)
            .WithMetadata(new RequestSizeLimitAttribute(MaximumJoinLength))
            .RequireAuthorization(NodeAuthenticationDefaults.Policy)
            .DisableAntiforgery();
        endpoints.MapGet(LinkProtocol.ReversePath, ReverseLinkEndpoint.HandleAsync)
            .RequireAuthorization(NodeAuthenticationDefaults.Policy);
        endpoints.MapHub<TelemetryHub>(LinkProtocol.TelemetryPath, options =>
        {
            options.Transports = HttpTransportType.WebSockets;
            options.ApplicationMaxBufferSize = 1024 * 1024;
            options.TransportMaxBufferSize = 1024 * 1024;
        });
        MapAgentFiles(endpoints);
        return endpoints;
    }

    private static void MapAgentFiles(IEndpointRouteBuilder endpoints)
    {
        var files = endpoints.ServiceProvider.GetRequiredService<AgentFiles>();
        var limit = endpoints.ServiceProvider.GetRequiredService<JoinRateLimit>();
        endpoints.MapGet(AgentFiles.InstallerPath, files.SendInstaller).AddEndpointFilter(limit).AllowAnonymous();
        endpoints.MapGet(AgentFiles.FilePath, (string name) => files.Send(name)).AddEndpointFilter(limit).AllowAnonymous();
    }
}
