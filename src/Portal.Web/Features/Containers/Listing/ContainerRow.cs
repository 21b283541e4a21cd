using Portal.Contracts.Hubs;
using Portal.Web.Features.FleetLists.Groups;
using Portal.Web.Features.FleetLists;
using Portal.Web.Features.Updates;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Containers.Listing;

/// <summary>A container on a node, as the list shows it.</summary>
/// <remarks>Shared by all pages; any thread.</remarks>
public sealed class ContainerRow(NodeState node, ContainerView container, ImageUpdate update) : IFleetRow<ContainerKey>
{
    private const int MostLabelText = 512;
    private readonly bool _hasMoreLabels = HasMoreLabels(container);
    private string? _text;

    /// <summary>The order that the list has by itself: by name, and those of one name by what tells them apart.</summary>
    public static IComparer<ContainerRow> Order { get; } = Comparer<ContainerRow>.Create(Compare);

    public ContainerView Container { get; } = container;

    /// <summary>Whether there is a newer image for it.</summary>
    public ImageUpdate Update { get; } = update;

    public ContainerKey Key { get; } = new(node.Id, container.Id, container.Name);

    public Guid NodeId => Key.NodeId;

    public string NodeName { get; } = node.Name;

    /// <summary>The node is away: this is how it stood when it was last heard of.</summary>
    public bool Stale { get; } = node.Presence == NodePresence.Offline;

    public string Stack => Container.Labels.GetValueOrDefault(ListGroup.StackLabel, "");

    public string Href => $"nodes/{NodeId}/containers/{Container.Id}";

    public string? Hint => Stale
        ? T("As last heard; '{0}' is offline.", NodeName)
        : Container.Error.Length > 0 ? Container.Error : null;

    /// <summary>Whether its name, image, id, a port or a label fits.</summary>
    public bool Matches(string search) =>
        RowText.Has(_text ??= Text(), search)
        || (RowText.IsHexadecimal(search) && Container.Id.StartsWith(search, StringComparison.OrdinalIgnoreCase))
        || (_hasMoreLabels && RowText.HasLabel(Container.Labels, search));

    /// <summary>Whether it says the same of a container as it stands now, so that nothing need be made or drawn anew.</summary>
    internal bool IsStill(NodeState node, ContainerView container, ImageUpdate update) => ReferenceEquals(Container, container)
        && NodeName == node.Name && Stale == (node.Presence == NodePresence.Offline) && Update == update;

    // One text for all that is searched, made at the first search: where its parts lie apart in memory, waiting for memory is most of a
    // search over tens of thousands. Labels beyond some are looked through where they are, or they would be held twice.
    private string Text() => string.Join('\n', _hasMoreLabels
        ? [Container.Name, Container.Image, .. Container.Ports]
        : [Container.Name, Container.Image, .. Container.Ports, .. Container.Labels.Select(label => $"{label.Key}={label.Value}")]);

    private static bool HasMoreLabels(ContainerView container)
    {
        var length = 0;
        foreach (var (key, value) in container.Labels)
        {
            length += key.Length + value.Length;
        }

        return length > MostLabelText;
    }

    private static int Compare(ContainerRow one, ContainerRow other)
    {
        var order = string.Compare(one.Container.Name, other.Container.Name, StringComparison.OrdinalIgnoreCase);
        order = order != 0 ? order : string.Compare(one.NodeName, other.NodeName, StringComparison.OrdinalIgnoreCase);
        return order != 0 ? order : string.CompareOrdinal(one.Container.Id, other.Container.Id);
    }
}
