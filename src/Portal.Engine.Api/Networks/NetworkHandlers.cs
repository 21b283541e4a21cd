using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Networks.Models;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Networks;

namespace Portal.Engine.Api.Networks;

/// <summary>List, inspect, remove, prune.</summary>
internal sealed class NetworkHandlers(INetworks networks, IContainers containers)
{
    public async Task ListAsync(HttpContext context)
    {
        var filters = DockerFilters.Read(context, "dangling", "driver", "id", "label", "name", "scope", "type");
        var found = await networks.ListAsync(context.RequestAborted).ConfigureAwait(false);
        var rows = found.Where(network => Allows(filters, network)).Select(network => NetworkViews.Model(network, [])).ToList();
        await DockerJson.WriteAsync(context, rows, DockerJsonContext.Default.ListNetworkModel).ConfigureAwait(false);
    }

    public async Task InspectAsync(HttpContext context)
    {
        var network = await FindAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        var running = await containers.ListAsync(all: false, context.RequestAborted).ConfigureAwait(false);
        await DockerJson
            .WriteAsync(context, NetworkViews.Model(network, running), DockerJsonContext.Default.NetworkModel)
            .ConfigureAwait(false);
    }

    public async Task RemoveAsync(HttpContext context)
    {
        var network = await FindAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        throw new EngineException(
            EngineErrorKind.Forbidden, $"{network.Name} is a pre-defined network and cannot be removed");
    }

    public Task PruneAsync(HttpContext context)
    {
        DockerFilters.Read(context, "label", "label!", "until");
        return DockerJson.WriteAsync(context, new NetworkPruneAnswer(null), DockerJsonContext.Default.NetworkPruneAnswer);
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
            && filters.Allows("type", value => value == "builtin")
            && filters.Flag("dangling") is not true
            && filters.Values("label").Count == 0;
    }
}
