using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Containers.Mapping;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Networks.Models;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Networking;
using Portal.Engine.Errors;
using Portal.Engine.Networks;

namespace Portal.Engine.Api.Networks;

/// <summary>Create, list, inspect, remove, prune; connect and disconnect containers.</summary>
internal sealed class NetworkHandlers(
    INetworks networks, INetworkDirectory directory, IContainerNetworks connections, TimeProvider clock)
{
    public async Task ListAsync(HttpContext context)
    {
        var filters = DockerFilters.Read(context, "dangling", "driver", "id", "label", "name", "scope", "type");
        var filter = new NetworkFilter
        {
            Names = filters.Values("name"),
            Ids = filters.Values("id"),
            Drivers = filters.Values("driver"),
            Labels = filters.Values("label"),
            IsDangling = filters.Flag("dangling"),
        };
        var found = await directory.ListAsync(filter, context.RequestAborted).ConfigureAwait(false);
        var rows = found
            .Where(listing => filters.Allows("scope", value => value == Networks.NetworkViews.ScopeOf(listing.Network))
                && filters.Allows("type", value => value == (listing.Network.IsPredefined ? "builtin" : "custom")))
            .Select(listing => Networks.NetworkViews.Model(listing, withContainers: false))
            .ToList();
        await DockerJson.WriteAsync(context, rows, DockerJsonContext.Default.ListNetworkModel).ConfigureAwait(false);
    }

    public async Task InspectAsync(HttpContext context)
    {
        var listing = await directory.InspectAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        if (context.Query("scope") is { Length: > 0 } scope && scope != Networks.NetworkViews.ScopeOf(listing.Network))
        {
            throw EngineException.NotFound($"network {context.Id()} not found");
        }

        await DockerJson
            .WriteAsync(context, Networks.NetworkViews.Model(listing, withContainers: true), DockerJsonContext.Default.NetworkModel)
            .ConfigureAwait(false);
    }

    public async Task CreateAsync(HttpContext context)
    {
        var body = await DockerJson.ReadAsync(context, DockerJsonContext.Default.NetworkCreateRequest).ConfigureAwait(false);
        var made = await networks.CreateAsync(NetworkRequests.Parse(body), context.RequestAborted).ConfigureAwait(false);
        await DockerJson
            .WriteAsync(
                context, new NetworkCreateAnswer(made.Id, ""), DockerJsonContext.Default.NetworkCreateAnswer, StatusCodes.Status201Created)
            .ConfigureAwait(false);
    }

    public async Task RemoveAsync(HttpContext context)
    {
        var network = await directory.FindAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        await networks.RemoveAsync(network.Id, context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task ConnectAsync(HttpContext context)
    {
        var body = await DockerJson.ReadAsync(context, DockerJsonContext.Default.NetworkConnectRequest).ConfigureAwait(false);
        var network = await directory.FindAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        var connection = NetworkConnections.Parse(network.Name, body.EndpointConfig);
        await connections.ConnectAsync(body.Container, connection, context.RequestAborted).ConfigureAwait(false);
    }

    public async Task DisconnectAsync(HttpContext context)
    {
        var body = await DockerJson.ReadAsync(context, DockerJsonContext.Default.NetworkConnectRequest).ConfigureAwait(false);
        var network = await directory.FindAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        await connections.DisconnectAsync(body.Container, network.Id, context.RequestAborted).ConfigureAwait(false);
    }

    public async Task PruneAsync(HttpContext context)
    {
        var filters = DockerFilters.Read(context, "label", "label!", "until");
        var filter = new NetworkPruneFilter
        {
            Until = UntilFilter.Read(filters, clock),
            Labels = filters.Values("label"),
            ExcludedLabels = filters.Values("label!"),
        };
        var removed = await directory.PruneAsync(filter, context.RequestAborted).ConfigureAwait(false);
        await DockerJson
            .WriteAsync(context, new NetworkPruneAnswer([.. removed]), DockerJsonContext.Default.NetworkPruneAnswer)
            .ConfigureAwait(false);
    }
}
