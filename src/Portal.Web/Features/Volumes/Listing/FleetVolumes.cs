using System.Security.Claims;
using Portal.Contracts.Volumes.V1;
using Portal.Web.Features.FleetLists;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Volumes.Listing;

/// <summary>The volumes of all nodes that a person may see. A node is asked when its volumes or its containers have changed.</summary>
public sealed class FleetVolumes(VolumeCommands volumes) : FleetList<Volume, VolumeRow>
{
    protected override Task<IReadOnlyList<Volume>> ListAsync(ClaimsPrincipal user, Guid nodeId, CancellationToken cancellationToken) =>
        volumes.ListAsync(user, nodeId, cancellationToken);

    // A volume's users change with the containers that there are and with whether they run.
    protected override (long Version, int Containers) StateOf(NodeState node) => (node.VolumesVersion, NodeContainers.Fingerprint(node));

    protected override IEnumerable<VolumeRow> MakeRows(NodeState node, IReadOnlyList<Volume> items, bool showsContainers) =>
        items.Select(volume => new VolumeRow(node, volume, showsContainers));
}
