using System.Security.Claims;
using Portal.Web.Features.Environments;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Policies;

/// <summary>Where policies can apply, of what the user may see.</summary>
internal sealed record PolicyPlaces(IReadOnlyList<EnvironmentEntry> Environments, IReadOnlyList<NodeState> Nodes)
{
    public static PolicyPlaces None { get; } = new([], []);

    public static async Task<PolicyPlaces> ReadAsync(
        EnvironmentDirectory directory, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        new(await directory.ListAsync(user, cancellationToken), await directory.VisibleNodesAsync(user, cancellationToken));

    public string NameOf(PolicyEntry entry) =>
        entry.EnvironmentId is { } environment
            ? T("the environment {0}", Environments.FirstOrDefault(one => one.Id == environment)?.Name ?? T("(hidden)"))
        : entry.NodeId is { } node ? T("the node {0}", Nodes.FirstOrDefault(one => one.Id == node)?.Name ?? T("(hidden)"))
        : T("all nodes");

    public bool Shows(string nodeName) => Nodes.Any(node => node.Name == nodeName);
}
