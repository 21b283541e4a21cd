using System.ComponentModel;
using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Containers;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Stats;

namespace Portal.Web.Features.Rest.Stats;

/// <summary>The history of counters.</summary>
internal static class StatsEndpoints
{
    private const string RangeHelp = "live (15 minutes), 1h, 24h, 7d or 90d; 1h when it is left out.";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/stats", FleetAsync).Needs(PermissionNames.MetricsView)
            .Says<IReadOnlyList<HistoryPoint>>("getFleetStats", "The history of all nodes that you may see, added up.");
        api.MapGet("/stats/top", TopAsync).Needs(PermissionNames.MetricsView)
            .Says<IReadOnlyList<Consumer>>("listTopConsumers", "The containers that used most.");
        api.MapGet("/nodes/{nodeId:guid}/stats", NodeAsync).Needs(PermissionNames.MetricsView)
            .Says<IReadOnlyList<HistoryPoint>>("getNodeStats", "The history of a node.");
        api.MapGet("/nodes/{nodeId:guid}/containers/{container}/stats", ContainerAsync).Needs(PermissionNames.MetricsView)
            .Says<IReadOnlyList<HistoryPoint>>("getContainerStats", "The history of a container.");
    }

    private static async Task<IResult> FleetAsync(
        [Description(RangeHelp)] string? range, ClaimsPrincipal user, FleetView fleet, StatsHistory history,
        CancellationToken cancellationToken)
    {
        var nodes = await fleet.NodesAsync(user, PermissionNames.NodesView, cancellationToken);
        return RestResults.Ok(await history.OfNodesAsync(user, [.. nodes.Select(node => node.Id)], RangeOf(range), cancellationToken));
    }

    private static async Task<IResult> TopAsync(
        [Description(RangeHelp)] string? range, [Description("By memory instead of processor time.")] bool? memory,
        ClaimsPrincipal user, FleetView fleet, StatsHistory history, CancellationToken cancellationToken)
    {
        var nodes = await fleet.NodesAsync(user, PermissionNames.ContainersView, cancellationToken);
        return RestResults.Ok(await history.TopAsync(
            user, [.. nodes.Select(node => node.Id)], RangeOf(range), memory ?? false, cancellationToken));
    }

    private static async Task<IResult> NodeAsync(
        Guid nodeId, [Description(RangeHelp)] string? range, ClaimsPrincipal user, StatsHistory history,
        CancellationToken cancellationToken) =>
        RestResults.Ok(await history.OfNodesAsync(user, [nodeId], RangeOf(range), cancellationToken));

    private static async Task<IResult> ContainerAsync(
        Guid nodeId, string container, [Description(RangeHelp)] string? range,
        ClaimsPrincipal user, FleetView fleet, StatsHistory history, CancellationToken cancellationToken)
    {
        var node = await fleet.NodeAsync(user, nodeId, PermissionNames.ContainersView, cancellationToken);
        var found = node.Containers.Values.FirstOrDefault(view => view.Id == container || view.Name == container)
            ?? throw RestProblemException.NotFound("container");
        var key = new ContainerKey(nodeId, found.Id, found.Name);
        return RestResults.Ok(await history.OfContainerAsync(user, key, found.Name, RangeOf(range), cancellationToken));
    }

    private static StatsRange RangeOf(string? name) => name is null ? StatsRange.Hour
        : StatsRange.All.FirstOrDefault(range => range.Name == name)
            ?? throw new RestProblemException(ProblemKind.InvalidRequest, $"'range' must be {RangeHelp}");
}
