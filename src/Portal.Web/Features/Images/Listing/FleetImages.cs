using System.Security.Claims;
using Portal.Contracts.Hubs;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Images.Listing;

/// <summary>
/// The images of all nodes that a person may see. A node is asked when it is first seen, when its images have changed, and when it comes
/// back; its containers come from the fleet's picture, so what uses an image is live without a call.
/// </summary>
/// <remarks>One for each open page; used on the page's own context alone.</remarks>
public sealed class FleetImages(ImageCommands images)
{
    private const int AskedAtOnce = 8;
    private readonly Dictionary<Guid, NodeImages> _nodes = [];

    private IReadOnlyList<ImageRow>? _rows;

    /// <summary>Grows with each change of <see cref="Rows"/>.</summary>
    public int Version { get; private set; }

    /// <summary>All rows, in no order.</summary>
    public IReadOnlyList<ImageRow> Rows => _rows ??= [.. _nodes.Values.SelectMany(node => node.Rows)];

    /// <summary>Nodes that were not read yet.</summary>
    public int Waiting => _nodes.Values.Count(node => node.Images is null && node.Error is null && node.Online);

    /// <summary>Why nodes could not be read, by the node's name.</summary>
    public IEnumerable<(string Node, string Error)> Errors =>
        _nodes.Values.Where(node => node.Error is not null).Select(node => (node.State.Name, node.Error!));

    /// <summary>Takes the newest picture in.</summary>
    /// <param name="nodes">Those that the user may see.</param>
    /// <param name="access">For which containers to tell of.</param>
    /// <returns>The nodes that must be asked for their images.</returns>
    public IReadOnlyList<Guid> Update(IReadOnlyList<NodeState> nodes, EffectiveAccess access)
    {
        var changed = _nodes.Keys.Except(nodes.Select(node => node.Id)).ToList();
        changed.ForEach(id => _nodes.Remove(id));
        var anyChanged = changed.Count > 0;
        foreach (var node in nodes)
        {
            var known = _nodes.GetValueOrDefault(node.Id) ?? (_nodes[node.Id] = new NodeImages(node));
            anyChanged |= known.Show(node, access.Allows(PermissionNames.ContainersView, AccessScope.Node(node.Id)));
        }

        if (anyChanged)
        {
            Change();
        }

        return [.. _nodes.Values.Where(node => node.MustBeAsked).Select(node => node.State.Id)];
    }

    /// <summary>Asks nodes for their images.</summary>
    /// <param name="user">Who looks.</param>
    /// <param name="nodeIds">From <see cref="Update"/>.</param>
    /// <param name="read">Called after each node, on the page's context: its rows are there.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task ReadAsync(ClaimsPrincipal user, IReadOnlyList<Guid> nodeIds, Action read, CancellationToken cancellationToken)
    {
        // No thread of its own: between two awaits all of them run on the page's context, one after another.
        var waiting = new Queue<NodeImages>(nodeIds.Select(id => _nodes.GetValueOrDefault(id)).OfType<NodeImages>());
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

    private async Task ReadAsync(ClaimsPrincipal user, NodeImages node, CancellationToken cancellationToken)
    {
        try
        {
            node.Take(await images.ListAsync(user, node.State.Id, cancellationToken), null);
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

    private sealed class NodeImages(NodeState state)
    {
        private (long Version, DateTimeOffset? Since)? _asked;
        private bool _showsContainers;

        public NodeState State { get; private set; } = state;

        public IReadOnlyList<Image>? Images { get; private set; }

        public string? Error { get; private set; }

        public IReadOnlyList<ImageRow> Rows { get; private set; } = [];

        public bool Online => State.Presence == NodePresence.Online;

        public bool MustBeAsked => Online && _asked != (State.ImagesVersion, State.Since);

        public void BeginAsking() => _asked = (State.ImagesVersion, State.Since);

        public void Take(IReadOnlyList<Image>? images, string? error)
        {
            Images = images ?? Images;
            Error = error;
            MakeRows();
        }

        /// <returns>True when the rows are others than before.</returns>
        public bool Show(NodeState node, bool showsContainers)
        {
            var same = node.Name == State.Name && node.Presence == State.Presence && showsContainers == _showsContainers
                && ReferenceEquals(node.Containers, State.Containers);
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

        private void MakeRows()
        {
            var users = _showsContainers
                ? State.Containers.Values.ToLookup(container => container.ImageId)
                : Enumerable.Empty<ContainerView>().ToLookup(container => container.ImageId);
            Rows = [.. (Images ?? []).Select(image => new ImageRow(State, image, Sort(users[image.Id])))];
        }

        private static IReadOnlyList<ContainerView> Sort(IEnumerable<ContainerView> users) =>
            [.. users.OrderByDescending(user => user.State == "running").ThenBy(user => user.Name, StringComparer.OrdinalIgnoreCase)];
    }
}
