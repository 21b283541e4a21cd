using Portal.Contracts.Hubs;
using Portal.Web.Features.FleetLists;
using Portal.Web.Features.Updates;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Containers.Listing;

/// <summary>A container on a node, as the list shows it.</summary>
public sealed class ContainerRow(NodeState node, ContainerView container, ImageUpdate update) : IFleetRow<ContainerKey>
{
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

    public string Href => $"nodes/{NodeId}/containers/{Container.Id}";

    public string? Hint => Stale
        ? T("As last heard; '{0}' is offline.", NodeName)
        : Container.Error.Length > 0 ? Container.Error : null;

    /// <summary>Whether its name, image, id, a port or a label fits.</summary>
    public bool Matches(string search) =>
        Has(Container.Name, search)
        || Has(Container.Image, search)
        || Container.Id.StartsWith(search, StringComparison.OrdinalIgnoreCase)
        || Container.Ports.Any(port => Has(port, search))
        || Container.Labels.Any(label => Has($"{label.Key}={label.Value}", search));

    private static int Compare(ContainerRow one, ContainerRow other)
    {
        var order = string.Compare(one.Container.Name, other.Container.Name, StringComparison.OrdinalIgnoreCase);
        order = order != 0 ? order : string.Compare(one.NodeName, other.NodeName, StringComparison.OrdinalIgnoreCase);
        return order != 0 ? order : string.CompareOrdinal(one.Container.Id, other.Container.Id);
    }

    private static bool Has(string text, string search) => text.Contains(search, StringComparison.OrdinalIgnoreCase);
}
