using Grpc.Core;
using Grpc.Core.Interceptors;
using Portal.Contracts.Link;
using Portal.Web.Access;

namespace Portal.Web.Nodes.Link;

internal sealed class NodeClients(NodeLinks links, IFleet fleet) : INodeClients
{
    public CallInvoker For(Guid nodeId, Actor actor, params string[] permissions)
    {
        var invoker = new NodeCallInvoker(nodeId, links, fleet);
        return invoker.Intercept(metadata =>
        {
            metadata.Add(LinkProtocol.ActorHeader, actor.UserId.ToString("D"));
            metadata.Add(LinkProtocol.PermissionHeader, string.Join(',', permissions));
            return metadata;
        });
    }
}
