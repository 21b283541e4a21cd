using Portal.Web.Features.FleetLists;

namespace Portal.Web.Features.Images.Listing;

/// <summary>What to show of all images, and in which order. Stands in the page's address.</summary>
/// <param name="Search">Part of a name, id, label or container's name; empty for all.</param>
/// <param name="Node">A node's name; empty for all.</param>
/// <param name="Use">Which of them.</param>
/// <param name="Sort">By what.</param>
/// <param name="Descending">The other way round.</param>
public sealed record ImageQuery(string Search, string Node, ImageUse Use, ImageSort Sort, bool Descending)
    : ListQuery<ImageQuery, ImageRow, ImageKey, ImageSort>(Search, Node, Sort, Descending)
{
    /// <summary>Reads the parts of an address; what can't be read stands for its default.</summary>
    public static ImageQuery Read(string? search, string? node, string? use, string? sort)
    {
        var (by, descending) = ParseSort(sort);
        return new ImageQuery(search?.Trim() ?? "", node ?? "", Parse<ImageUse>(use), by, descending);
    }

    public override Dictionary<string, object?> ToAddress() => new(base.ToAddress()) { ["use"] = WordOf(Use) };

    protected override bool BeginsWithMost(ImageSort sort) => sort is ImageSort.Size or ImageSort.Used or ImageSort.Built;

    protected override bool Fits(ImageRow row) => Use switch
    {
        ImageUse.Used => row.IsUsed,
        ImageUse.Unused => !row.IsUsed,
        ImageUse.Dangling => row.IsDangling,
        ImageUse.Damaged => row.Image.Problem.Length > 0,
        _ => true,
    };

    protected override IOrderedEnumerable<ImageRow> Order(IEnumerable<ImageRow> rows) => Sort switch
    {
        ImageSort.Node => By(rows, row => row.NodeName),
        ImageSort.Size => By(rows, row => row.Image.SizeBytes),
        ImageSort.Built => By(rows, row => row.Built ?? DateTimeOffset.MinValue),
        ImageSort.Used => By(rows, row => row.UserCount),
        _ => By(rows, LastWithoutName),
    };

    protected override IOrderedEnumerable<ImageRow> Settle(IOrderedEnumerable<ImageRow> rows) => rows
        .ThenBy(LastWithoutName, StringComparer.OrdinalIgnoreCase)
        .ThenBy(row => row.NodeName, StringComparer.OrdinalIgnoreCase)
        .ThenBy(row => row.Image.Id, StringComparer.Ordinal);

    private static string LastWithoutName(ImageRow row) => row.IsDangling ? "\uffff" : row.Name;
}
