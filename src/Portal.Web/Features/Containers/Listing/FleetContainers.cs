using System.Security.Claims;
using Portal.Web.Access;
using Portal.Web.Features.FleetLists;
using Portal.Web.Features.Updates;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Containers.Listing;

/// <summary>The containers of all nodes that a person may see. They come with the fleet's picture: no node is asked.</summary>
public sealed class FleetContainers(ImageUpdates updates) : IFleetRows<ContainerRow>
{
    private readonly Dictionary<Guid, (NodeState Node, List<ContainerRow> Rows)> _nodes = [];
    private IReadOnlyList<ContainerRow>? _rows;
    private long _updatesVersion;

    public int Version { get; private set; }

    public IReadOnlyList<ContainerRow> Rows => _rows ??= [.. _nodes.Values.SelectMany(node => node.Rows)];

    public int Waiting => 0;

    public IEnumerable<(string Node, string Error)> Errors => [];

    public IReadOnlyList<Guid> Update(IReadOnlyList<NodeState> nodes, EffectiveAccess access)
    {
        var updatesVersion = updates.Version;
        if (updatesVersion != _updatesVersion)
        {
            // They change a few times a day: then all rows are made anew.
            _nodes.Clear();
            _updatesVersion = updatesVersion;
        }

        var gone = _nodes.Keys.Except(nodes.Select(node => node.Id)).ToList();
        gone.ForEach(id => _nodes.Remove(id));
        var anyChanged = gone.Count > 0;
        foreach (var node in nodes.Where(node => !IsKnown(node)))
        {
            _nodes[node.Id] = (node, [.. node.Containers.Values.Select(
                container => new ContainerRow(node, container, updates.Of(node.Id, container)))]);
            anyChanged = true;
        }

        if (anyChanged)
        {
            _rows = null;
            Version++;
        }

        return [];
    }

    public Task ReadAsync(ClaimsPrincipal user, IReadOnlyList<Guid> nodeIds, Action read, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    private bool IsKnown(NodeState node) => _nodes.TryGetValue(node.Id, out var known)
        && ReferenceEquals(known.Node.Containers, node.Containers) && known.Node.Name == node.Name && known.Node.Presence == node.Presence;
}
