using Portal.Contracts.Hubs;
using Portal.Contracts.Images.V1;
using Portal.Web.Features.FleetLists;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Images.Listing;

/// <summary>An image on a node, as the list shows it.</summary>
public sealed class ImageRow : IFleetRow<ImageKey>
{
    internal ImageRow(NodeState node, Image image, IReadOnlyList<ContainerView> users)
    {
        NodeId = node.Id;
        NodeName = node.Name;
        Stale = node.Presence != NodePresence.Online;
        Image = image;
        Users = users;
        Name = image.Names.FirstOrDefault() ?? "";
        Built = image.CreatedAt?.ToDateTimeOffset();
    }

    public Guid NodeId { get; }

    public string NodeName { get; }

    /// <summary>The node is away: this is how it stood when it was last asked.</summary>
    public bool Stale { get; }

    public Image Image { get; }

    /// <summary>The containers that were made of it and that the user may see, those that run first.</summary>
    public IReadOnlyList<ContainerView> Users { get; }

    /// <summary>Its first name; empty for one that has none.</summary>
    public string Name { get; }

    public DateTimeOffset? Built { get; }

    public ImageKey Key => new(NodeId, Image.Id);

    public string Href => $"nodes/{NodeId}/images/{ImageText.Digits(Image.Id)}";

    public bool IsDangling => Name.Length == 0;

    public bool IsUsed => Image.Containers > 0 || Users.Count > 0;

    /// <summary>How many containers use it, those too that the user may not see.</summary>
    public int UserCount => Math.Max(Image.Containers, Users.Count);

    /// <summary>Whether a name, an id, a label, or a container that uses it fits.</summary>
    public bool Matches(string search) =>
        Image.Names.Any(name => RowText.Has(name, search))
        || ImageText.Digits(Image.Id).StartsWith(ImageText.Digits(search), StringComparison.OrdinalIgnoreCase)
        || Image.Digests.Any(digest => RowText.Has(digest, search))
        || RowText.HasLabel(Image.Labels, search)
        || Users.Any(user => RowText.Has(user.Name, search));
}
