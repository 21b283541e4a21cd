using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Nodes;

namespace Portal.Web.Features.FleetLists;

/// <summary>
/// Things of all nodes that a person may see, read from the nodes themselves. A node is asked when it is first seen, when its
/// <see cref="StateOf"/> has changed, and when it comes back.
/// </summary>
/// <typeparam name="TItem">As a node tells it.</typeparam>
/// <typeparam name="TRow">As the list shows it.</typeparam>
public abstract class FleetList<TItem, TRow> : IFleetRows<TRow>
{
    private const int AskedAtOnce = 8;
    private readonly Dictionary<Guid, NodeItems> _nodes = [];
    private IReadOnlyList<TRow>? _rows;

    public int Version { get; private set; }

    public IReadOnlyList<TRow> Rows => _rows ??= [.. _nodes.Values.SelectMany(node => node.Rows)];

    public int Waiting => _nodes.Values.Count(node => node.Items is null && node.Error is null && node.Online);

    public IEnumerable<(string Node, string Error)> Errors =>
        _nodes.Values.Where(node => node.Error is not null).Select(node => (node.State.Name, node.Error!));

    public IReadOnlyList<Guid> Update(IReadOnlyList<NodeState> nodes, EffectiveAccess access)
    {
        var gone = _nodes.Keys.Except(nodes.Select(node => node.Id)).ToList();
        gone.ForEach(id => _nodes.Remove(id));
        var anyChanged = gone.Count > 0;
        foreach (var node in nodes)
        {
            var known = _nodes.GetValueOrDefault(node.Id) ?? (_nodes[node.Id] = new NodeItems(this, node));
            anyChanged |= known.Show(node, access.Allows(PermissionNames.ContainersView, AccessScope.Node(node.Id)));
        }

        if (anyChanged)
        {
            Change();
        }

        return [.. _nodes.Values.Where(node => node.MustBeAsked).Select(node => node.State.Id)];
    }

    public async Task ReadAsync(ClaimsPrincipal user, IReadOnlyList<Guid> nodeIds, Action read, CancellationToken cancellationToken)
    {
        // No thread of its own: between two awaits all of them run on the page's context, one after another.
        var waiting = new Queue<NodeItems>(nodeIds.Select(id => _nodes.GetValueOrDefault(id)).OfType<NodeItems>());
        foreach (var node in waiting)
        {
            node.BeginAsking();
        }

        await Task.WhenAll(Enumerable.Range(0, AskedAtOnce).Select(async _ =>
        {
            while (waiting.TryDequeue(out var node))
            {
                await ReadAsync(user, node, cancellationToken);
                Change();
                read();
            }
        }));
    }

    /// <summary>Asks a node for what it has.</summary>
    protected abstract Task<IReadOnlyList<TItem>> ListAsync(ClaimsPrincipal user, Guid nodeId, CancellationToken cancellationToken);

    /// <summary>Another value whenever the node must be asked anew.</summary>
    protected abstract (long Version, int Containers) StateOf(NodeState node);

    /// <summary>The rows of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="items">As it told them.</param>
    /// <param name="showsContainers">Whether the user may see the node's containers.</param>
    protected abstract IEnumerable<TRow> MakeRows(NodeState node, IReadOnlyList<TItem> items, bool showsContainers);

    /// <summary>Whether the same items make other rows, beyond the node's name and presence.</summary>
    protected virtual bool MakesOtherRows(NodeState before, NodeState now) => false;

    private async Task ReadAsync(ClaimsPrincipal user, NodeItems node, CancellationToken cancellationToken)
    {
        try
        {
            node.Take(await ListAsync(user, node.State.Id, cancellationToken), null);
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            node.Take(null, failure.Message);
        }
    }

    private void Change()
    {
        _rows = null;
        Version++;
    }

    private sealed class NodeItems(FleetList<TItem, TRow> list, NodeState state)
    {
        private ((long Version, int Containers) State, DateTimeOffset? Since)? _asked;
        private bool _showsContainers;

        public NodeState State { get; private set; } = state;

        public IReadOnlyList<TItem>? Items { get; private set; }

        public string? Error { get; private set; }

        public IReadOnlyList<TRow> Rows { get; private set; } = [];

        public bool Online => State.Presence == NodePresence.Online;

        public bool MustBeAsked => Online && _asked != (list.StateOf(State), State.Since);

        public void BeginAsking() => _asked = (list.StateOf(State), State.Since);

        public void Take(IReadOnlyList<TItem>? items, string? error)
        {
            Items = items ?? Items;
            Error = error;
            MakeRows();
        }

        /// <returns>True when the rows are others than before.</returns>
        public bool Show(NodeState node, bool showsContainers)
        {
            var same = node.Name == State.Name && node.Presence == State.Presence && showsContainers == _showsContainers
                && !list.MakesOtherRows(State, node);
            State = node;
            _showsContainers = showsContainers;
            if (!Online)
            {
                Error = null;
            }

            if (!same)
            {
                MakeRows();
            }

            return !same;
        }

        private void MakeRows() => Rows = [.. list.MakeRows(State, Items ?? [], _showsContainers)];
    }
}
