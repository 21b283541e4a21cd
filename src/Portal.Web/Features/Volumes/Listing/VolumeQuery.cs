using Portal.Web.Features.FleetLists;

namespace Portal.Web.Features.Volumes.Listing;

/// <summary>What the list shows and how: the part of the page's address after the question mark.</summary>
public sealed record VolumeQuery(string Search, string Node, VolumeUse Use, VolumeSort Sort, bool Descending)
    : ListQuery<VolumeQuery, VolumeRow, VolumeKey, VolumeSort>(Search, Node, Sort, Descending)
{
    /// <summary>From an address; what makes no sense is left out.</summary>
    public static VolumeQuery Read(string? search, string? node, string? use, string? sort)
    {
        var (by, descending) = ParseSort(sort);
        return new VolumeQuery(search?.Trim() ?? "", node ?? "", Parse<VolumeUse>(use), by, descending);
    }

    public override Dictionary<string, object?> ToAddress() => new(base.ToAddress()) { ["use"] = WordOf(Use) };

    protected override bool BeginsWithMost(VolumeSort sort) => sort is VolumeSort.Size or VolumeSort.Used or VolumeSort.Created;

    protected override bool Fits(VolumeRow row) => Use switch
    {
        VolumeUse.Used => row.IsUsed,
        VolumeUse.Unused => !row.IsUsed,
        VolumeUse.Anonymous => row.Volume.Anonymous,
        _ => true,
    };

    protected override IOrderedEnumerable<VolumeRow> Order(IEnumerable<VolumeRow> rows) => Sort switch
    {
        VolumeSort.Node => By(rows, row => row.NodeName),
        VolumeSort.Size => By(rows, row => row.Size ?? -1),
        VolumeSort.Created => By(rows, row => row.Created ?? DateTimeOffset.MinValue),
        VolumeSort.Used => By(rows, row => row.Volume.Users.Count),

        // Those that nobody named come last.
        _ => By(rows, row => (row.Volume.Anonymous ? "\uffff" : "") + row.Name),
    };

    protected override IOrderedEnumerable<VolumeRow> Settle(IOrderedEnumerable<VolumeRow> rows) => rows
        .ThenBy(row => row.Name, StringComparer.OrdinalIgnoreCase)
        .ThenBy(row => row.NodeName, StringComparer.OrdinalIgnoreCase);
}
