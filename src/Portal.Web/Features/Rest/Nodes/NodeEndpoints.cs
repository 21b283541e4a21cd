using System.Collections.Immutable;
using System.ComponentModel;
using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.Environments;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Rest.Nodes;

/// <summary>Nodes.</summary>
internal static class NodeEndpoints
{
    private const string Node = "/nodes/{nodeId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/nodes", ListAsync).Needs(PermissionNames.NodesView).Says<Page<NodeItem>>("listNodes", "The nodes that you may see.");
        api.MapGet(Node, FindAsync).Needs(PermissionNames.NodesView).Says<NodeItem>("getNode", "A node.");
        api.MapGet(Node + "/settings", SettingsAsync).Needs(PermissionNames.NodesView)
            .Says<NodeSettings>("getNodeSettings", "A node's name, environment and labels, with an ETag.");
        api.MapPut(Node + "/settings", SaveAsync).Needs(PermissionNames.NodesManage)
            .Does("putNodeSettings", "Changes a node's name and labels, and, for who may, its environment. Wants If-Match.");
        api.MapDelete(Node, RemoveAsync).Needs(PermissionNames.NodesManage)
            .Does("removeNode", "Removes a node: its link is cut at once, its containers run on.");
        api.MapPost(Node + "/rotate-key", RotateAsync).Needs(PermissionNames.NodesManage)
            .Says<NodeKeyItem>("rotateNodeKey", "Has a node sign in with a new key; its old one is refused from then on.");
    }

    private static async Task<IResult> ListAsync(
        [Description("Part of a name.")] string? q, [AsParameters] PageQuery page,
        ClaimsPrincipal user, FleetView fleet, CancellationToken cancellationToken)
    {
        var nodes = await fleet.NodesAsync(user, PermissionNames.NodesView, cancellationToken);
        var chosen = nodes.Where(node => node.Name.Contains(q?.Trim() ?? "", StringComparison.OrdinalIgnoreCase));
        return RestResults.Ok(page.Cut(chosen, node => $"{node.Name}\n{node.Id}", NodeItem.Of));
    }

    private static async Task<IResult> FindAsync(Guid nodeId, ClaimsPrincipal user, FleetView fleet, CancellationToken cancellationToken) =>
        RestResults.Ok(NodeItem.Of(await fleet.NodeAsync(user, nodeId, PermissionNames.NodesView, cancellationToken)));

    private static async Task<IResult> SettingsAsync(Guid nodeId, HttpContext context, FleetView fleet)
    {
        var node = await fleet.NodeAsync(context.User, nodeId, PermissionNames.NodesView, context.RequestAborted);
        return EntityTags.Answer(context, NodeSettings.Of(node));
    }

    private static async Task<IResult> SaveAsync(
        Guid nodeId, RestBody<NodeSettings> body, HttpContext context, FleetView fleet, StoredChanges changes, IAuthorizer authorizer,
        INodeRegistry registry, EnvironmentDirectory environments)
    {
        var error = await changes.RunAsync(
            context,
            $"node {nodeId}",
            async () => NodeSettings.Of(await fleet.NodeAsync(context.User, nodeId, PermissionNames.NodesManage, context.RequestAborted)),
            async _ => await ApplyAsync(fleet.Find(nodeId)!, body.Value, context.User, authorizer, registry, environments));
        return RestResults.Done(error);
    }

    private static async Task<string?> ApplyAsync(
        NodeState node, NodeSettings wanted, ClaimsPrincipal user, IAuthorizer authorizer, INodeRegistry registry,
        EnvironmentDirectory environments)
    {
        var actor = await authorizer.EnsureAsync(user, PermissionNames.NodesManage, AccessScope.Node(node.Id), CancellationToken.None);
        var error = LabelsOf(wanted.Labels, out var labels);
        if (error is null && wanted.Name.Trim() != node.Name)
        {
            error = await registry.RenameAsync(node.Id, wanted.Name.Trim(), actor, CancellationToken.None);
        }

        if (error is null && !wanted.HasLabelsOf(node))
        {
            error = await registry.SetLabelsAsync(node.Id, labels, actor, CancellationToken.None);
        }

        return error is null && wanted.EnvironmentId != node.Environment?.Id
            ? (await environments.PlaceAsync(user, node.Id, wanted.EnvironmentId, CancellationToken.None)).Error
            : error;
    }

    private static async Task<IResult> RemoveAsync(Guid nodeId, HttpContext context, IAuthorizer authorizer, INodeRegistry registry)
    {
        var actor = await authorizer.EnsureAsync(
            context.User, PermissionNames.NodesManage, AccessScope.Node(nodeId), context.RequestAborted);
        return await registry.RemoveAsync(nodeId, actor, CancellationToken.None)
            ? RestResults.NoContent()
            : throw RestProblemException.NotFound("node");
    }

    private static async Task<IResult> RotateAsync(
        Guid nodeId, HttpContext context, FleetView fleet, IAuthorizer authorizer, INodeRegistry registry)
    {
        var node = await fleet.NodeAsync(context.User, nodeId, PermissionNames.NodesManage, context.RequestAborted);
        var actor = await authorizer.EnsureAsync(
            context.User, PermissionNames.NodesManage, AccessScope.Node(node.Id), context.RequestAborted);
        var (error, fingerprint) = await registry.RotateKeyAsync(node.Id, actor, CancellationToken.None);
        return error is null ? RestResults.Ok(new NodeKeyItem(fingerprint)) : throw RestResults.Refused(error);
    }

    // As the pages read them; what they would read otherwise than it was meant is refused.
    internal static string? LabelsOf(IReadOnlyDictionary<string, string> given, out ImmutableSortedDictionary<string, string> labels)
    {
        var error = NodeLabels.TryRead(NodeLabels.Write(given), out labels);
        var read = labels;
        var same = read.Count == given.Count && given.All(label => read.GetValueOrDefault(label.Key) == label.Value);
        return error ?? (same ? null : "A label's key or value holds a sign that it can't.");
    }
}
