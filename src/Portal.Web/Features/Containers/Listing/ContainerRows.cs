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
    private readonly Dictionary<Guid, NodeRows> _nodes = [];
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

        var fresh = new List<ContainerRow>();
        foreach (var node in changed)
        {
            var rows = RowsOf(node, _nodes.GetValueOrDefault(node.Id)?.Rows);
            _nodes[node.Id] = new NodeRows(node, rows);
            fresh.AddRange(rows.Values);
        }

        foreach (var id in stale.Where(id => !state.Nodes.ContainsKey(id)))
        {
            _nodes.Remove(id);
        }

        fresh.Sort(ContainerRow.Order);
        _picture = new Picture(Merge(_picture.Rows, stale, fresh), _nodes.Keys.ToHashSet());
    }

    // A node changes with one container, and the others' rows stay the same objects: pages don't draw them again.
    private Dictionary<string, ContainerRow> RowsOf(NodeState node, Dictionary<string, ContainerRow>? before)
    {
        var rows = new Dictionary<string, ContainerRow>(node.Containers.Count, StringComparer.Ordinal);
        foreach (var (id, container) in node.Containers)
        {
            var update = updates.Of(node.Id, container);
            rows[id] = before?.GetValueOrDefault(id) is { } row && row.IsStill(node, container, update)
                ? row
                : new ContainerRow(node, container, update);
        }

        return rows;
    }

    // What was sorted stays so: only the rows of nodes that changed are looked for a place. Into one array, since each is so large that the
    // collector of the whole heap has to take it away.
    private static ContainerRow[] Merge(ContainerRow[] before, HashSet<Guid> stale, List<ContainerRow> fresh)
    {
        var merged = new ContainerRow[before.Count(row => !stale.Contains(row.NodeId)) + fresh.Count];
        var (from, to) = (0, 0);
        foreach (var row in fresh)
        {
            var place = Array.BinarySearch(before, from, before.Length - from, row, ContainerRow.Order);
            Keep(place < 0 ? ~place : place);
            merged[to++] = row;
        }

        Keep(before.Length);
        return merged;

        void Keep(int end)
        {
            for (; from < end; from++)
            {
                if (!stale.Contains(before[from].NodeId))
                {
                    merged[to++] = before[from];
                }
            }
        }
    }

    private bool IsKnown(NodeState node) => _nodes.TryGetValue(node.Id, out var known)
        && ReferenceEquals(known.Node.Containers, node.Containers) && known.Node.Name == node.Name && known.Node.Presence == node.Presence;

    private sealed record NodeRows(NodeState Node, Dictionary<string, ContainerRow> Rows);

    /// <summary>The rows at one moment.</summary>
    public sealed class Picture(ContainerRow[] rows, IReadOnlySet<Guid> nodes)
    {
        private readonly Lazy<(int Running, int Newer)> _counts = new(() => Count(rows));

        public static Picture Empty { get; } = new([], new HashSet<Guid>());

        /// <summary>In the order of <see cref="ContainerRow.Order"/>; not to be changed.</summary>
        public ContainerRow[] Rows => rows;

        /// <summary>Those that they are of, also those without a container.</summary>
        public IReadOnlySet<Guid> Nodes => nodes;

        /// <summary>How many of all run, and for how many there is a newer image; counted once, for whoever sees all.</summary>
        public (int Running, int Newer) Counts => _counts.Value;

        /// <summary>The same of some.</summary>
        public static (int Running, int Newer) Count(IEnumerable<ContainerRow> some)
        {
            var (running, newer) = (0, 0);
            foreach (var row in some)
            {
                running += ContainerStatus.IsRunning(row.Container) && !row.Stale ? 1 : 0;
                newer += row.Update.IsAvailable ? 1 : 0;
            }

            return (running, newer);
        }
    }
}
