using System.Runtime.InteropServices;
using Portal.Web.Features.Updates;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Containers.Listing;

/// <summary>
/// The rows of all containers of the fleet, in the order that the list has by itself. Made once for all who look: with 50,000 containers
/// each page would take longer to make and to sort its own than it has for its whole answer, and some container changes ten times a
/// second.
/// </summary>
/// <remarks>
/// Singleton; any thread. Whoever shows them to a person leaves out the nodes that the person may not see. A row says nothing in a
/// language until it is drawn.
/// </remarks>
public sealed class ContainerRows(IFleet fleet, ImageUpdates updates)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, NodeState> _nodes = [];
    private long _updatesVersion;
    private long _fleetVersion = -1;
    private volatile Picture _picture = Picture.Empty;

    /// <summary>The rows as the fleet is now.</summary>
    public Picture Current
    {
        get
        {
            lock (_lock)
            {
                var (state, updatesVersion) = (fleet.Current, updates.Version);
                if (state.Version != _fleetVersion || updatesVersion != _updatesVersion)
                {
                    Take(state, updatesVersion);
                }

                return _picture;
            }
        }
    }

    private void Take(FleetState state, long updatesVersion)
    {
        if (updatesVersion != _updatesVersion)
        {
            // They change a few times a day: then all rows are made anew.
            _nodes.Clear();
            _picture = Picture.Empty;
        }

        (_fleetVersion, _updatesVersion) = (state.Version, updatesVersion);
        var changed = state.Nodes.Values.Where(node => !IsKnown(node)).ToList();
        var stale = _nodes.Keys.Where(id => !state.Nodes.ContainsKey(id)).Concat(changed.Select(node => node.Id)).ToHashSet();
        if (stale.Count == 0)
        {
            return;
        }

        foreach (var id in stale)
        {
            _nodes.Remove(id);
        }

        var fresh = new List<ContainerRow>();
        foreach (var node in changed)
        {
            _nodes[node.Id] = node;
            fresh.AddRange(node.Containers.Values.Select(container => new ContainerRow(node, container, updates.Of(node.Id, container))));
        }

        fresh.Sort(ContainerRow.Order);
        _picture = new Picture(Merge(_picture.Rows, stale, fresh), _nodes.Keys.ToHashSet());
    }

    // What was sorted stays so: only the rows of nodes that changed are looked for a place.
    private static List<ContainerRow> Merge(IReadOnlyList<ContainerRow> before, HashSet<Guid> stale, List<ContainerRow> fresh)
    {
        List<ContainerRow> kept = [.. before.Where(row => !stale.Contains(row.NodeId))];
        var merged = new List<ContainerRow>(kept.Count + fresh.Count);
        var at = 0;
        foreach (var row in fresh)
        {
            var place = kept.BinarySearch(at, kept.Count - at, row, ContainerRow.Order);
            place = place < 0 ? ~place : place;
            merged.AddRange(CollectionsMarshal.AsSpan(kept)[at..place]);
            merged.Add(row);
            at = place;
        }

        merged.AddRange(CollectionsMarshal.AsSpan(kept)[at..]);
        return merged;
    }

    private bool IsKnown(NodeState node) => _nodes.TryGetValue(node.Id, out var known)
        && ReferenceEquals(known.Containers, node.Containers) && known.Name == node.Name && known.Presence == node.Presence;

    /// <summary>The rows at one moment.</summary>
    /// <param name="Rows">In the order of <see cref="ContainerRow.Order"/>.</param>
    /// <param name="Nodes">Those that they are of, also those without a container.</param>
    public sealed record Picture(IReadOnlyList<ContainerRow> Rows, IReadOnlySet<Guid> Nodes)
    {
        public static Picture Empty { get; } = new([], new HashSet<Guid>());
    }
}
