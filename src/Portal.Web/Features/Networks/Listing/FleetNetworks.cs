using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Contracts.Networks.V1;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Networks.Listing;

/// <summary>
/// The networks of all nodes that a person may see. A node is asked when it is first seen, when its networks or the containers on them have
/// changed, and when it comes back.
/// </summary>
/// <remarks>One for each open page; used on the page's own context alone.</remarks>
public sealed class FleetNetworks(NetworkCommands networks)
{
    private const int AskedAtOnce = 8;
    private readonly Dictionary<Guid, NodeNetworks> _nodes = [];
    private IReadOnlyList<NetworkRow>? _rows;

    /// <summary>Grows with each change of <see cref="Rows"/>.</summary>
    public int Version { get; private set; }

    /// <summary>All rows, in no order.</summary>
    public IReadOnlyList<NetworkRow> Rows => _rows ??= [.. _nodes.Values.SelectMany(node => node.Rows)];

    /// <summary>Nodes that were not read yet.</summary>
    public int Waiting => _nodes.Values.Count(node => node.Networks is null && node.Error is null && node.Online);

    /// <summary>Why nodes could not be read, by the node's name.</summary>
    public IEnumerable<(string Node, string Error)> Errors =>
        _nodes.Values.Where(node => node.Error is not null).Select(node => (node.State.Name, node.Error!));

    /// <summary>Takes the newest picture in.</summary>
    /// <param name="nodes">Those that the user may see.</param>
    /// <param name="access">For whether to tell of containers.</param>
    /// <returns>The nodes that must be asked for their networks.</returns>
    public IReadOnlyList<Guid> Update(IReadOnlyList<NodeState> nodes, EffectiveAccess access)
    {
        var gone = _nodes.Keys.Except(nodes.Select(node => node.Id)).ToList();
        gone.ForEach(id => _nodes.Remove(id));
        var anyChanged = gone.Count > 0;
        foreach (var node in nodes)
        {
            var known = _nodes.GetValueOrDefault(node.Id) ?? (_nodes[node.Id] = new NodeNetworks(node));
            anyChanged |= known.Show(node, access.Allows(PermissionNames.ContainersView, AccessScope.Node(node.Id)));
        }

        if (anyChanged)
        {
            Change();
        }

        return [.. _nodes.Values.Where(node => node.MustBeAsked).Select(node => node.State.Id)];
    }

    /// <summary>Asks nodes for their networks.</summary>
    /// <param name="user">Who looks.</param>
    /// <param name="nodeIds">From <see cref="Update"/>.</param>
    /// <param name="read">Called after each node, on the page's context: its rows are there.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task ReadAsync(ClaimsPrincipal user, IReadOnlyList<Guid> nodeIds, Action read, CancellationToken cancellationToken)
    {
        // No thread of its own: between two awaits all of them run on the page's context, one after another.
        var waiting = new Queue<NodeNetworks>(nodeIds.Select(id => _nodes.GetValueOrDefault(id)).OfType<NodeNetworks>());
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

    /// <summary>Another number whenever a container came, went, started, stopped or was renamed.</summary>
    internal static int ContainersOf(NodeState node)
    {
        var sum = 0;
        foreach (var (id, container) in node.Containers)
        {
            sum ^= HashCode.Combine(id, container.State, container.Name);
        }

        return sum;
    }

    private async Task ReadAsync(ClaimsPrincipal user, NodeNetworks node, CancellationToken cancellationToken)
    {
        try
        {
            node.Take(await networks.ListAsync(user, node.State.Id, cancellationToken), null);
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

    private sealed class NodeNetworks(NodeState state)
    {
        private (long Version, DateTimeOffset? Since, int Containers)? _asked;
        private bool _showsContainers;

        public NodeState State { get; private set; } = state;

        public IReadOnlyList<Network>? Networks { get; private set; }

        public string? Error { get; private set; }

        public IReadOnlyList<NetworkRow> Rows { get; private set; } = [];

        public bool Online => State.Presence == NodePresence.Online;

        public bool MustBeAsked => Online && _asked != Now;

        // Who is on a network changes with the containers that there are and with whether they run.
        private (long Version, DateTimeOffset? Since, int Containers) Now => (State.NetworksVersion, State.Since, ContainersOf(State));

        public void BeginAsking() => _asked = Now;

        public void Take(IReadOnlyList<Network>? networks, string? error)
        {
            Networks = networks ?? Networks;
            Error = error;
            MakeRows();
        }

        /// <returns>True when the rows are others than before.</returns>
        public bool Show(NodeState node, bool showsContainers)
        {
            var same = node.Name == State.Name && node.Presence == State.Presence && showsContainers == _showsContainers;
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

        private void MakeRows() => Rows = [.. (Networks ?? []).Select(network => new NetworkRow(State, network, _showsContainers))];
    }
}
