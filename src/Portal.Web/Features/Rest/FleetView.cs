using System.Security.Claims;
using Portal.Web.Access;
using Portal.Web.Features.Containers;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Rest;

/// <summary>The part of the fleet that somebody may see.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class FleetView(IFleet fleet, IAuthorizer authorizer)
{
    /// <summary>The nodes on which they have the permission.</summary>
    public async Task<IReadOnlyList<NodeState>> NodesAsync(ClaimsPrincipal user, string permission, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        return [.. fleet.Current.Nodes.Values.Where(node => access.Allows(permission, AccessScope.Node(node.Id)))];
    }

    /// <summary>One of them.</summary>
    /// <exception cref="RestProblemException">There is none, or none that they may see.</exception>
    public async Task<NodeState> NodeAsync(ClaimsPrincipal user, Guid nodeId, string permission, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        return access.Allows(permission, AccessScope.Node(nodeId)) && fleet.Current.Nodes.TryGetValue(nodeId, out var node)
            ? node
            : throw RestProblemException.NotFound("node");
    }

    /// <summary>A node, whoever asks: for one whose rule was asked by the route.</summary>
    public NodeState? Find(Guid nodeId) => fleet.Current.Nodes.GetValueOrDefault(nodeId);

    /// <summary>A container by its id or name; what the picture does not have (yet) the node knows by itself.</summary>
    public ContainerKey KeyOf(Guid nodeId, string container)
    {
        var all = Find(nodeId)?.Containers;
        var found = all?.GetValueOrDefault(container) ?? all?.Values.FirstOrDefault(view => view.Name == container);
        return new ContainerKey(nodeId, found?.Id ?? container, found?.Name ?? container);
    }
}
