using Grpc.Core;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Features.Deployments;

/// <summary>Several simulated nodes beside each other.</summary>
internal sealed class SimulatedNodes(params (Guid Id, SimulatedNode Node)[] nodes) : INodeClients
{
    public CallInvoker For(Guid nodeId, Actor actor, params string[] permissions) =>
        nodes.Single(one => one.Id == nodeId).Node.For(nodeId, actor, permissions);
}
