using Portal.Contracts.Hubs;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Rest.Nodes;

/// <summary>A node.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="EnvironmentId">The environment that it is in; null for none.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Presence">Whether its link stands and answers.</param>
/// <param name="Since">When that last changed.</param>
/// <param name="LatencyMilliseconds">Round trip over the link; null while it is offline.</param>
/// <param name="Containers">How many containers it has, as last told.</param>
/// <param name="Facts">The machine and its engine; null when it was never online since the portal started.</param>
/// <param name="Sample">Its newest counters; null while it is offline.</param>
internal sealed record NodeItem(
    Guid Id,
    string Name,
    Guid? EnvironmentId,
    IReadOnlyDictionary<string, string> Labels,
    NodePresence Presence,
    DateTimeOffset? Since,
    double? LatencyMilliseconds,
    int Containers,
    NodeFacts? Facts,
    NodeSample? Sample)
{
    public static NodeItem Of(NodeState node) => new(
        node.Id, node.Name, node.Environment?.Id, node.Labels, node.Presence, node.Since, node.Latency?.TotalMilliseconds,
        node.Containers.Count, node.Facts, node.Sample);
}
