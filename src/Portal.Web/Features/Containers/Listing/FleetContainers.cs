using System.Security.Claims;
using Portal.Web.Access;
using Portal.Web.Features.FleetLists;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Containers.Listing;

/// <summary>The containers of all nodes that a person may see. They come with the fleet's picture: no node is asked.</summary>
public sealed class FleetContainers(ContainerRows all) : IFleetRows<ContainerRow>
{
    private ContainerRows.Picture _picture = ContainerRows.Picture.Empty;
    private HashSet<Guid> _visible = [];

    public int Version { get; private set; }

    public IReadOnlyList<ContainerRow> Rows { get; private set; } = [];

    public bool AreInOrder => true;

    /// <summary>How many run, as far as is known now.</summary>
    public int Running { get; private set; }

    /// <summary>For how many there is a newer image.</summary>
    public int Newer { get; private set; }

    public int Waiting => 0;

    public IEnumerable<(string Node, string Error)> Errors => [];

    public IReadOnlyList<Guid> Update(IReadOnlyList<NodeState> nodes, EffectiveAccess access)
    {
        var picture = all.Current;
        if (ReferenceEquals(picture, _picture) && nodes.Count == _visible.Count && nodes.All(node => _visible.Contains(node.Id)))
        {
            return [];
        }

        _picture = picture;
        _visible = [.. nodes.Select(node => node.Id)];

        // The nodes themselves and not how many: the picture may be newer than what the person's access was asked for.
        var seesAll = picture.Nodes.All(_visible.Contains);
        Rows = seesAll ? picture.Rows : [.. picture.Rows.Where(row => _visible.Contains(row.NodeId))];
        (Running, Newer) = seesAll ? picture.Counts : ContainerRows.Picture.Count(Rows);
        Version++;
        return [];
    }

    public Task ReadAsync(ClaimsPrincipal user, IReadOnlyList<Guid> nodeIds, Action read, CancellationToken cancellationToken) =>
        Task.CompletedTask;
}
