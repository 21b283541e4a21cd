using Portal.Contracts.Link;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Nodes.Presence;
using Portal.Web.Nodes.Storage;
using Portal.Web.Nodes.Telemetry;

namespace Portal.Web.Nodes.Link;

/// <summary>Replaces the keys of nodes, and ends what was opened with an old one.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class NodeKeys(
    NodeKeyStore keys, INodeStore store, NodeLinks links, TelemetrySessions sessions, Fleet fleet, IAuditLog audit, TimeProvider time)
{
    /// <summary>Puts the key that a node has offered in place of its old one: a proof made with it was verified.</summary>
    /// <param name="node">The node, as it was found.</param>
    /// <param name="address">Where the proof came from.</param>
    /// <param name="cancellationToken">Cancels before anything was changed.</param>
    /// <returns>The node with its new key; null when another one is in force by now.</returns>
    public async Task<NodeRecord?> ConfirmAsync(NodeRecord node, string address, CancellationToken cancellationToken)
    {
        var offered = node.PendingKey!;
        var replaced = await keys.ConfirmAsync(node.Id, offered, time.GetUtcNow(), cancellationToken);
        var now = await store.FindAsync(node.Id, CancellationToken.None);
        if (now is null || !now.PublicKey.AsSpan().SequenceEqual(offered))
        {
            return null;
        }

        if (replaced)
        {
            fleet.Place([now]);
            links.Cut(node.Id);
            sessions.Cut(node.Id);
            var detail = $"{KeyFingerprint.Of(offered)} in place of {KeyFingerprint.Of(node.PublicKey)}";
            await audit.WriteAsync(
                new AuditEntry(
                    Actor.Portal with { Address = address }, "node.key", "node", node.Id.ToString(), node.Name, node.Id,
                    AuditOutcome.Succeeded, detail),
                CancellationToken.None);
        }

        return now;
    }

    /// <summary>Ends connections that were opened with keys that are in force no more: another portal has seen them replaced.</summary>
    public void CutForeign(IEnumerable<NodeRecord> nodes)
    {
        foreach (var node in nodes)
        {
            if (links.TryGet(node.Id, out var link)
                && link.KeyFingerprint != KeyFingerprint.Of(node.PublicKey)
                && (node.PendingKey is null || link.KeyFingerprint != KeyFingerprint.Of(node.PendingKey)))
            {
                links.Cut(node.Id);
                sessions.Cut(node.Id);
            }
        }
    }
}
