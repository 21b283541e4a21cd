using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Nodes.Link;
using Portal.Web.Nodes.Presence;
using Portal.Web.Nodes.Storage;
using Portal.Web.Nodes.Telemetry;

namespace Portal.Web.Nodes.Joining;

internal sealed class NodeRegistry(
    INodeStore store, NodeLinks links, TelemetrySessions sessions, Fleet fleet, IAuditLog audit) : INodeRegistry
{
    public async Task<bool> RemoveAsync(Guid nodeId, Actor actor, CancellationToken cancellationToken)
    {
        if (await store.RemoveAsync(nodeId, cancellationToken) is not { } name)
        {
            return false;
        }

        links.Cut(nodeId);
        sessions.Cut(nodeId);
        fleet.Remove(nodeId);
        var entry = new AuditEntry(actor, "node.remove", "node", nodeId.ToString(), name, nodeId, AuditOutcome.Succeeded);
        await audit.WriteAsync(entry, cancellationToken);
        return true;
    }
}
