using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Containers.Mapping;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Networks.Models;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Networks;

namespace Portal.Engine.Api.Networks;

/// <summary>Create, list, inspect, remove, prune; connect and disconnect containers.</summary>
internal sealed class NetworkHandlers(INetworks networks, IContainers containers, IContainerNetworks connections)
{
    public async Task ListAsync(HttpContext context)
    {
        var filters = DockerFilters.Read(context, "dangling", "driver", "id", "label", "name", "scope", "type");
        var found = await networks.ListAsync(context.RequestAborted).ConfigureAwait(false);
        var running = await containers.ListAsync(all: false, context.RequestAborted).ConfigureAwait(false);
        var used = running.SelectMany(container => container.Network?.Endpoints ?? []).Select(endpoint => endpoint.NetworkId).ToHashSet();
        var dangling = filters.Flag("dangling");
        found = [.. found.Where(network => dangling is null || dangling == (!network.IsPredefined && !used.Contains(network.Id)))];
        var rows = found.Where(network => Allows(filters, network)).Select(network => Networks.NetworkViews.Model(network, [])).ToList();
        await DockerJson.WriteAsync(context, rows, DockerJsonContext.Default.ListNetworkModel).ConfigureAwait(false);
    }

    public async Task InspectAsync(HttpContext context)
    {
        var network = await FindAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        var running = await containers.ListAsync(all: false, context.RequestAborted).ConfigureAwait(false);
        await DockerJson
            .WriteAsync(context, Networks.NetworkViews.Model(network, running), DockerJsonContext.Default.NetworkModel)
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
        var network = await FindAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        await networks.RemoveAsync(network.Id, context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task ConnectAsync(HttpContext context)
    {
        var body = await DockerJson.ReadAsync(context, DockerJsonContext.Default.NetworkConnectRequest).ConfigureAwait(false);
        var network = await FindAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        var problems = new List<string>();
        var connection = NetworkConnections.Parse(network.Name, body.EndpointConfig, problems);
        if (problems.Count > 0)
        {
            throw EngineException.InvalidArgument(string.Join("; ", problems));
        }

        await connections.ConnectAsync(body.Container, connection, context.RequestAborted).ConfigureAwait(false);
    }

    public async Task DisconnectAsync(HttpContext context)
    {
        var body = await DockerJson.ReadAsync(context, DockerJsonContext.Default.NetworkConnectRequest).ConfigureAwait(false);
        var network = await FindAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        await connections.DisconnectAsync(body.Container, network.Id, context.RequestAborted).ConfigureAwait(false);
    }

    public async Task PruneAsync(HttpContext context)
    {
        var filters = DockerFilters.Read(context, "label", "label!", "until");
        if (filters.Has("until"))
        {
            throw EngineException.InvalidArgument("the filter 'until' is not available for networks in this engine yet");
        }

        var running = await containers.ListAsync(all: false, context.RequestAborted).ConfigureAwait(false);
        var used = running.SelectMany(container => container.Network?.Endpoints ?? []).Select(endpoint => endpoint.NetworkId).ToHashSet();
        var removed = new List<string>();
        foreach (var network in await networks.ListAsync(context.RequestAborted).ConfigureAwait(false))
        {
            if (!network.IsPredefined && !used.Contains(network.Id) && filters.AllowsLabels(network.Labels)
                && (!filters.Has("label!") || !filters.AllowsLabels(network.Labels, "label!")))
            {
                await networks.RemoveAsync(network.Id, context.RequestAborted).ConfigureAwait(false);
                removed.Add(network.Name);
            }
        }

        await DockerJson
            .WriteAsync(context, new NetworkPruneAnswer(removed), DockerJsonContext.Default.NetworkPruneAnswer)
            .ConfigureAwait(false);
    }

    private async Task<NetworkSummary> FindAsync(string name, CancellationToken cancellationToken)
    {
        var all = await networks.ListAsync(cancellationToken).ConfigureAwait(false);
        if (all.FirstOrDefault(network => network.Id == name || network.Name == name) is { } exact)
        {
            return exact;
        }

        var found = all.Where(network => network.Id.StartsWith(name, StringComparison.Ordinal)).ToList();
        return found switch
        {
            [var one] => one,
            [] => throw EngineException.NotFound($"network {name} not found"),
            _ => throw EngineException.InvalidArgument($"network {name} is ambiguous ({found.Count} matches found on ID prefix)"),
        };
    }

    private static bool Allows(DockerFilters filters, NetworkSummary network)
    {
        return filters.Allows("name", value => network.Name.Contains(value, StringComparison.Ordinal))
            && filters.Allows("id", value => network.Id.StartsWith(value, StringComparison.Ordinal))
            && filters.Allows("driver", value => network.Driver == value)
            && filters.Allows("scope", value => value == "local")
            && filters.Allows("type", value => value == (network.IsPredefined ? "builtin" : "custom"))
            && filters.AllowsLabels(network.Labels);
    }
}
