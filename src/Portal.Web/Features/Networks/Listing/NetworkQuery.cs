using Portal.Web.Features.FleetLists;

namespace Portal.Web.Features.Networks.Listing;

/// <summary>What the list shows and how: the part of the page's address after the question mark.</summary>
public sealed record NetworkQuery(string Search, string Node, string Driver, NetworkUse Use, NetworkSort Sort, bool Descending)
    : ListQuery<NetworkQuery, NetworkRow, NetworkKey, NetworkSort>(Search, Node, Sort, Descending)
{
    /// <summary>From an address; what makes no sense is left out.</summary>
    public static NetworkQuery Read(string? search, string? node, string? driver, string? use, string? sort)
    {
        var (by, descending) = ParseSort(sort);
        return new NetworkQuery(search?.Trim() ?? "", node ?? "", driver ?? "", Parse<NetworkUse>(use), by, descending);
    }

    public override Dictionary<string, object?> ToAddress() => new(base.ToAddress())
    {
        ["driver"] = Driver.Length == 0 ? null : Driver,
        ["use"] = WordOf(Use),
    };

    protected override bool BeginsWithMost(NetworkSort sort) => sort is NetworkSort.Containers or NetworkSort.Created;

    protected override bool Fits(NetworkRow row) => (Driver.Length == 0 || row.Network.Driver == Driver) && Use switch
    {
        NetworkUse.Used => row.IsUsed,
        NetworkUse.Unused => !row.IsUsed && !row.Network.Predefined,
        NetworkUse.Custom => !row.Network.Predefined,
        NetworkUse.BuiltIn => row.Network.Predefined,
        _ => true,
    };

    protected override IOrderedEnumerable<NetworkRow> Order(IEnumerable<NetworkRow> rows) => Sort switch
    {
        NetworkSort.Node => By(rows, row => row.NodeName),
        NetworkSort.Driver => By(rows, row => row.Network.Driver),
        NetworkSort.Created => By(rows, row => row.Created ?? DateTimeOffset.MinValue),
        NetworkSort.Containers => By(rows, row => row.Containers),
        NetworkSort.Subnets => By(rows, row => row.Network.Subnets.FirstOrDefault()?.Subnet ?? "\uffff"),

        // Those that people made come first.
        _ => By(rows, row => (row.Network.Predefined ? "\uffff" : "") + row.Name),
    };

    protected override IOrderedEnumerable<NetworkRow> Settle(IOrderedEnumerable<NetworkRow> rows) => rows
        .ThenBy(row => row.Name, StringComparer.OrdinalIgnoreCase)
        .ThenBy(row => row.NodeName, StringComparer.OrdinalIgnoreCase);
}
