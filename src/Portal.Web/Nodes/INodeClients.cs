using Grpc.Core;
using Portal.Web.Access;

namespace Portal.Web.Nodes;

/// <summary>The portal's way to call a node's gRPC services over its link.</summary>
public interface INodeClients
{
    /// <summary>
    /// A call invoker for generated clients (<c>new ContainerService.ContainerServiceClient(invoker)</c>). It
    /// sends who acts and the permissions
    /// that were checked, which the agent checks again. The caller has asked the <see cref="IAuthorizer"/> before.
    /// </summary>
    /// <param name="nodeId">The node.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="permissions">The permissions that were checked for this call.</param>
    /// <exception cref="RpcException">UNAVAILABLE, in words for the user, when the node is offline: thrown by
    /// the calls, not here.</exception>
    CallInvoker For(Guid nodeId, Actor actor, params string[] permissions);

    /// <summary>As <see cref="For"/>, for calls that bring nothing new to the node whatever their permission: one that is out of service
    /// takes them.</summary>
    CallInvoker ForLooking(Guid nodeId, Actor actor, params string[] permissions) => For(nodeId, actor, permissions);
}
