using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Nodes.Upgrades;

namespace Portal.Web.Features.Rest.Nodes;

/// <summary>Upgrades of nodes' agents.</summary>
internal static class NodeUpgradeEndpoints
{
    private const string Upgrade = "/nodes/{nodeId:guid}/upgrade";
    private const int MostNodes = 1000;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Upgrade, FindAsync).Needs(PermissionNames.NodesView)
            .Says<NodeUpgradeItem>(
                "getNodeUpgrade", "A node's agent, the one that the portal has for it, and how its last upgrade stands.");
        api.MapPost(Upgrade, BeginAsync).Needs(PermissionNames.NodesManage)
            .Says<NodeUpgradeItem>(
                "upgradeNode", "Begins to bring a node this portal's agent. It goes back by itself when that does not link.", 202);
        api.MapPost("/nodes/upgrade", BeginManyAsync).Needs(PermissionNames.NodesManage)
            .Does(
                "upgradeNodes", "Begins to upgrade nodes: two at a time, and none after one that did not succeed.",
                StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> FindAsync(
        Guid nodeId, ClaimsPrincipal user, FleetView fleet, INodeUpgrades upgrades, CancellationToken cancellationToken)
    {
        var node = await fleet.NodeAsync(user, nodeId, PermissionNames.NodesView, cancellationToken);
        return RestResults.Ok(NodeUpgradeItem.Of(node, upgrades));
    }

    private static async Task<IResult> BeginAsync(
        Guid nodeId, HttpContext context, FleetView fleet, IAuthorizer authorizer, INodeUpgrades upgrades)
    {
        var node = await fleet.NodeAsync(context.User, nodeId, PermissionNames.NodesManage, context.RequestAborted);
        var actor = await authorizer.EnsureAsync(
            context.User, PermissionNames.NodesManage, AccessScope.Node(node.Id), context.RequestAborted);
        if (await upgrades.BeginAsync([node.Id], actor, CancellationToken.None) is { } error)
        {
            throw RestResults.Refused(error);
        }

        var now = fleet.Find(node.Id) ?? node;
        return Results.Json(NodeUpgradeItem.Of(now, upgrades), RestJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> BeginManyAsync(
        RestBody<NodeUpgradesInput> body, HttpContext context, FleetView fleet, IAuthorizer authorizer, INodeUpgrades upgrades)
    {
        if (body.Value.NodeIds is not { Count: > 0 and <= MostNodes } nodeIds)
        {
            throw RestResults.Refused($"Name 1 to {MostNodes} nodes.");
        }

        Actor? actor = null;
        foreach (var nodeId in nodeIds)
        {
            var node = await fleet.NodeAsync(context.User, nodeId, PermissionNames.NodesManage, context.RequestAborted);
            actor = await authorizer.EnsureAsync(
                context.User, PermissionNames.NodesManage, AccessScope.Node(node.Id), context.RequestAborted);
        }

        return await upgrades.BeginAsync(nodeIds, actor!, CancellationToken.None) is { } error
            ? throw RestResults.Refused(error)
            : Results.Accepted();
    }
}
