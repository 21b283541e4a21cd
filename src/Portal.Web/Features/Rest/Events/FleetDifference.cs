using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.Rest.Containers;
using Portal.Web.Features.Rest.Nodes;
using Portal.Web.Features.Updates;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Rest.Events;

/// <summary>Tells what changed from one picture of the fleet to the next, of what somebody may see then.</summary>
/// <remarks>One for each listener; not for several threads.</remarks>
internal sealed class FleetDifference(ImageUpdates updates)
{
    private readonly Dictionary<Guid, NodeState> _nodes = [];
    private readonly Dictionary<Guid, NodeState> _contents = [];

    /// <summary>What is new since the call before; all that there is at the first.</summary>
    public IReadOnlyList<FleetChange> Next(FleetState fleet, EffectiveAccess access)
    {
        var changes = new List<FleetChange>();
        foreach (var node in fleet.Nodes.Values)
        {
            Tell(node, access, changes);
        }

        foreach (var gone in _nodes.Keys.Union(_contents.Keys).Where(id => !fleet.Nodes.ContainsKey(id)).ToList())
        {
            Forget(gone, changes);
        }

        return changes;
    }

    private void Tell(NodeState node, EffectiveAccess access, List<FleetChange> changes)
    {
        var scope = AccessScope.Node(node.Id);
        if (!access.Allows(PermissionNames.NodesView, scope))
        {
            Forget(node.Id, changes);
            return;
        }

        // Counters change every two seconds: who wants those reads the stats.
        var known = _nodes.GetValueOrDefault(node.Id);
        if (known is null || known.Name != node.Name || known.Presence != node.Presence || known.Environment?.Id != node.Environment?.Id
            || !ReferenceEquals(known.Labels, node.Labels) || !ReferenceEquals(known.Facts, node.Facts))
        {
            changes.Add(new FleetChange("node", NodeItem.Of(node)));
        }

        _nodes[node.Id] = node;
        if (access.Allows(PermissionNames.ContainersView, scope))
        {
            TellContainers(node, changes);
        }
        else
        {
            ForgetContainers(node.Id, changes);
        }
    }

    private void TellContainers(NodeState node, List<FleetChange> changes)
    {
        var known = _contents.GetValueOrDefault(node.Id)?.Containers;
        _contents[node.Id] = node;
        if (ReferenceEquals(known, node.Containers))
        {
            return;
        }

        var stale = node.Presence == NodePresence.Offline;
        changes.AddRange(node.Containers.Values
            .Where(container => known is null || !ReferenceEquals(known.GetValueOrDefault(container.Id), container))
            .Select(container => new FleetChange("container", new ContainerItem(
                node.Id, node.Name, stale, container, updates.Of(node.Id, container)))));
        changes.AddRange((known?.Keys ?? []).Where(id => !node.Containers.ContainsKey(id))
            .Select(id => new FleetChange("container-removed", new Removed(node.Id, id))));
    }

    private void Forget(Guid nodeId, List<FleetChange> changes)
    {
        ForgetContainers(nodeId, changes);
        if (_nodes.Remove(nodeId))
        {
            changes.Add(new FleetChange("node-removed", new Removed(nodeId, null)));
        }
    }

    private void ForgetContainers(Guid nodeId, List<FleetChange> changes)
    {
        if (_contents.Remove(nodeId, out var known))
        {
            changes.AddRange(known.Containers.Keys.Select(id => new FleetChange("container-removed", new Removed(nodeId, id))));
        }
    }
}
