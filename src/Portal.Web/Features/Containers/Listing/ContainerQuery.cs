using Portal.Web.Features.FleetLists;

namespace Portal.Web.Features.Containers.Listing;

/// <summary>What the list shows and how: the part of the page's address after the question mark. A state is Docker's word.</summary>
public sealed record ContainerQuery(string Search, string Node, string State, ContainerSort Sort, bool Descending)
    : ListQuery<ContainerQuery, ContainerRow, ContainerKey, ContainerSort>(Search, Node, Sort, Descending)
{
    private const string Newer = "newer";

    // By how much it asks for a look, rather than by letters.
    private static readonly string[] s_states = ["dead", "restarting", "removing", "created", "exited", "paused", "running"];

    /// <summary>Those alone for which there is a newer image.</summary>
    public bool OnlyUpdates { get; init; }

    /// <summary>From an address; what makes no sense is left out.</summary>
    public static ContainerQuery Read(string? search, string? node, string? state, string? sort, string? image = null)
    {
        var (by, descending) = ParseSort(sort);
        return new ContainerQuery(search?.Trim() ?? "", node ?? "", state ?? "", by, descending) { OnlyUpdates = image == Newer };
    }

    public override Dictionary<string, object?> ToAddress() => new(base.ToAddress())
    {
        ["state"] = State.Length == 0 ? null : State,
        ["image"] = OnlyUpdates ? Newer : null,
    };

    protected override bool BeginsWithMost(ContainerSort sort) => sort is ContainerSort.Created;

    protected override bool TakesAll => State.Length == 0 && !OnlyUpdates;

    protected override bool Fits(ContainerRow row) =>
        (State.Length == 0 || row.Container.State == State) && (!OnlyUpdates || row.Update.IsAvailable);

    protected override IOrderedEnumerable<ContainerRow> Order(IEnumerable<ContainerRow> rows) => Sort switch
    {
        ContainerSort.State => By(rows, row => Array.IndexOf(s_states, row.Container.State)),
        ContainerSort.Image => By(rows, row => row.Container.Image),
        ContainerSort.Ports => By(rows, row => row.Container.Ports.Count),
        ContainerSort.Node => By(rows, row => row.NodeName),
        ContainerSort.Created => By(rows, row => row.Container.Created),
        _ => By(rows, row => row.Container.Name),
    };

    protected override IOrderedEnumerable<ContainerRow> Settle(IOrderedEnumerable<ContainerRow> rows) => rows
        .ThenBy(row => row.Container.Name, StringComparer.OrdinalIgnoreCase)
        .ThenBy(row => row.NodeName, StringComparer.OrdinalIgnoreCase)
        .ThenBy(row => row.Container.Id, StringComparer.Ordinal);
}
