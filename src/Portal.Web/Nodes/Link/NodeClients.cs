using Grpc.Core;
using Grpc.Core.Interceptors;
using Portal.Contracts.Link;
using Portal.Contracts.Permissions;
using Portal.Web.Access;

namespace Portal.Web.Nodes.Link;

internal sealed class NodeClients(NodeLinks links, IFleet fleet) : INodeClients
{
    public CallInvoker For(Guid nodeId, Actor actor, params string[] permissions) =>
        Make(nodeId, actor, permissions, permissions.Any(IsPlacement));

    public CallInvoker ForLooking(Guid nodeId, Actor actor, params string[] permissions) =>
        Make(nodeId, actor, permissions, isPlacement: false);

    private CallInvoker Make(Guid nodeId, Actor actor, string[] permissions, bool isPlacement)
    {
        var invoker = new NodeCallInvoker(nodeId, isPlacement, links, fleet);
        return invoker.Intercept(metadata =>
        {
            metadata.Add(LinkProtocol.ActorHeader, actor.UserId.ToString("D"));
            metadata.Add(LinkProtocol.PermissionHeader, string.Join(',', permissions));
            return metadata;
        });
    }

    // What brings something new to a node. All that features and Docker's clients do comes by here, with the permission that it needs.
    private static bool IsPlacement(string permission) => permission is
        PermissionNames.ContainersCreate or PermissionNames.ImagesPull or PermissionNames.ImagesLoad or PermissionNames.ImagesBuild;
}
