using System.Security.Claims;
using Portal.Contracts.Networks.V1;
using Portal.Web.Features.FleetLists;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Networks.Listing;

/// <summary>
/// The networks of all nodes that a person may see. A node is asked when its networks or the containers on them have changed.
/// </summary>
public sealed class FleetNetworks(NetworkCommands networks) : FleetList<Network, NetworkRow>
{
    protected override Task<IReadOnlyList<Network>> ListAsync(ClaimsPrincipal user, Guid nodeId, CancellationToken cancellationToken) =>
        networks.ListAsync(user, nodeId, cancellationToken);

    // Who is on a network changes with the containers that there are and with whether they run.
    protected override (long Version, int Containers) StateOf(NodeState node) => (node.NetworksVersion, NodeContainers.Fingerprint(node));

    protected override IEnumerable<NetworkRow> MakeRows(NodeState node, IReadOnlyList<Network> items, bool showsContainers) =>
        items.Select(network => new NetworkRow(node, network, showsContainers));
}
