using Portal.Web.Nodes;

namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>Which nodes have been away for so long that their replicas do not count any more.</summary>
/// <remarks>
/// Singleton; any thread. By what this portal sees, and by what portals before it have written down: one that starts anew goes on counting.
/// </remarks>
internal sealed class LostNodes(IFleet fleet, DeploymentOptions options, TimeProvider time)
{
    // Nodes link within seconds to a portal that has just begun: those that it has not seen yet are not lost before that.
    private static readonly TimeSpan s_linking = TimeSpan.FromMinutes(1);
    private readonly DateTimeOffset _begun = time.GetUtcNow();
    private volatile IReadOnlyDictionary<Guid, DateTimeOffset> _kept = new Dictionary<Guid, DateTimeOffset>();

    /// <summary>Whether a node is lost; one that is not part of the portal any more is.</summary>
    public bool IsLost(Guid id) => !fleet.Current.Nodes.TryGetValue(id, out var node) || IsLost(node);

    public bool IsLost(NodeState node)
    {
        if (node.Presence != NodePresence.Offline)
        {
            return false;
        }

        var now = time.GetUtcNow();
        var linking = options.LostAfter < s_linking ? options.LostAfter : s_linking;
        return now - _begun >= linking && now - AwaySince(node) >= options.LostAfter;
    }

    /// <summary>Since when a node that is offline is away: as seen here, as written down before, or since this portal's begin.</summary>
    public DateTimeOffset AwaySince(NodeState node) =>
        node.Since is { } told && told > _begun ? told
        : _kept.TryGetValue(node.Id, out var kept) && kept < _begun ? kept : _begun;

    /// <summary>Takes over since when nodes were away as this portal began.</summary>
    public void Continue(IReadOnlyDictionary<Guid, DateTimeOffset> away) => _kept = away;
}
