using Portal.Web.Nodes;

namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>Which nodes have been away for so long that their replicas do not count any more.</summary>
/// <remarks>Singleton; any thread. By what this portal sees: one that has just begun counts from its own begin.</remarks>
internal sealed class LostNodes(IFleet fleet, DeploymentOptions options, TimeProvider time)
{
    private readonly DateTimeOffset _begun = time.GetUtcNow();

    /// <summary>Whether a node is lost; one that is not part of the portal any more is.</summary>
    public bool IsLost(Guid id) => !fleet.Current.Nodes.TryGetValue(id, out var node) || IsLost(node);

    public bool IsLost(NodeState node)
    {
        if (node.Presence != NodePresence.Offline)
        {
            return false;
        }

        // Since when it is away is not known of one that was never seen.
        var now = time.GetUtcNow();
        var since = node.Since is { } told && told > _begun ? told : _begun;
        return now - since >= options.LostAfter;
    }
}
