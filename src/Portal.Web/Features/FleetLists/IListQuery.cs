namespace Portal.Web.Features.FleetLists;

/// <summary>What a list shows and how: the part of the page's address after the question mark.</summary>
/// <typeparam name="TRow">A row of the list.</typeparam>
public interface IListQuery<TRow>
{
    /// <summary>The name of the one node whose rows are shown; empty for all.</summary>
    string Node { get; }

    /// <summary>The parts of an address; null for those that stand for their default.</summary>
    Dictionary<string, object?> ToAddress();

    /// <summary>The rows that fit, in order.</summary>
    List<TRow> Apply(IEnumerable<TRow> rows);
}
