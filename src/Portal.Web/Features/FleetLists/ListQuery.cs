using Portal.Web.Features.FleetLists.Groups;
using Portal.Web.Nodes;

namespace Portal.Web.Features.FleetLists;

/// <summary>What all lists can be asked for: a text, a node, and an order.</summary>
/// <param name="Search">Part of what people look for; empty for all.</param>
/// <param name="Node">A node's name, or a <see cref="NodeSelection"/> of several; empty for all.</param>
/// <param name="Sort">By what; the enum's first value is the order that a list has by itself.</param>
/// <param name="Descending">The other way round.</param>
/// <typeparam name="TSelf">The query.</typeparam>
/// <typeparam name="TRow">A row of the list.</typeparam>
/// <typeparam name="TKey">The row's key.</typeparam>
/// <typeparam name="TSort">What the list can be sorted by.</typeparam>
public abstract record ListQuery<TSelf, TRow, TKey, TSort>(string Search, string Node, TSort Sort, bool Descending)
    where TSelf : ListQuery<TSelf, TRow, TKey, TSort>
    where TRow : IFleetRow<TKey>
    where TSort : struct, Enum
{
    /// <summary>Which rows stand together, beneath a heading.</summary>
    public ListGrouping Grouping { get; init; }

    /// <summary>Whether groups begin with their heading alone.</summary>
    public bool Folded { get; init; }

    private bool IsGrouped => Grouping != ListGrouping.None;

    /// <summary>The parts of an address; null for those that stand for their default.</summary>
    public virtual Dictionary<string, object?> ToAddress() => new()
    {
        ["q"] = Search.Trim() is { Length: > 0 } search ? search : null,
        ["node"] = Node.Length == 0 ? null : Node,
        ["sort"] = !Descending && IsDefault(Sort) ? null : (Descending ? "-" : "") + Word(Sort),
        ["group"] = WordOf(Grouping),
        ["folded"] = IsGrouped && Folded ? "1" : null,
    };

    /// <summary>The rows that fit, in order.</summary>
    public List<TRow> Apply(IEnumerable<TRow> rows) => Choose(InOrder(rows));

    /// <summary>All rows, in order.</summary>
    public List<TRow> InOrder(IEnumerable<TRow> rows) => ToList(Settle(Order(rows)));

    /// <summary>All rows, in order, when they come in the one that the list has by itself: sorting keeps it where rows are alike.</summary>
    public IReadOnlyList<TRow> FromOrder(IReadOnlyList<TRow> rows) =>
        !IsGrouped && !Descending && IsDefault(Sort) ? rows : ToList(Descending || !IsDefault(Sort) ? Order(rows) : rows);

    /// <summary>Those rows that fit, in the order in which they come: the very list where all of them are asked for.</summary>
    public IReadOnlyList<TRow> ChooseFrom(IReadOnlyList<TRow> rows) =>
        TakesAll && (Node.Length == 0 || NodeSelection.IsOfMany(Node)) && Search.Trim().Length == 0 ? rows : Choose(rows);

    /// <summary>Those rows that fit, in the order in which they come.</summary>
    public List<TRow> Choose(IEnumerable<TRow> rows)
    {
        var search = Search.Trim();
        return [.. rows.Where(row =>
            (Node.Length == 0 || NodeSelection.IsOfMany(Node) || row.NodeName == Node)
            && Fits(row)
            && (search.Length == 0 || row.Matches(search)))];
    }

    /// <summary>Whether another query has the rows in the same order, whichever it chooses.</summary>
    public bool HasOrderOf(TSelf other) =>
        EqualityComparer<TSort>.Default.Equals(Sort, other.Sort) && Descending == other.Descending && Grouping == other.Grouping;

    /// <summary>Of one node alone; empty for all.</summary>
    public TSelf OnNode(string node) => (TSelf)(this with { Node = node });

    /// <summary>With rows in groups, or not.</summary>
    public TSelf InGroups(ListGrouping grouping, bool folded = false) =>
        (TSelf)(this with { Grouping = grouping, Folded = folded && grouping != ListGrouping.None });

    /// <summary>The same, from the words of an address.</summary>
    public TSelf InGroups(string? grouping, string? folded) => InGroups(Parse<ListGrouping>(grouping), folded == "1");

    /// <summary>The group of a row.</summary>
    public ListGroup GroupOf(TRow row) =>
        Grouping == ListGrouping.Stack ? new ListGroup(row.Stack, Guid.Empty) : new ListGroup(row.NodeName, row.NodeId);

    /// <summary>Sorted by a column: the same again turns it round.</summary>
    public TSelf SortedBy(TSort sort) => (TSelf)(EqualityComparer<TSort>.Default.Equals(sort, Sort)
        ? this with { Descending = !Descending }
        : this with { Sort = sort, Descending = BeginsWithMost(sort) });

    /// <summary>Whether a column is best seen with its greatest first: sizes and numbers with the most, times with the newest.</summary>
    protected abstract bool BeginsWithMost(TSort sort);

    /// <summary>Whether <see cref="Fits"/> is true for any row, as far as is known without looking at them.</summary>
    protected virtual bool TakesAll => false;

    /// <summary>Whether a row is among those that are asked for, beside its node and the text.</summary>
    protected abstract bool Fits(TRow row);

    /// <summary>In the order of <see cref="Sort"/>.</summary>
    protected abstract IOrderedEnumerable<TRow> Order(IEnumerable<TRow> rows);

    /// <summary>Those that are alike in it by what tells them apart, so that no row jumps when others change.</summary>
    protected abstract IOrderedEnumerable<TRow> Settle(IOrderedEnumerable<TRow> rows);

    protected IOrderedEnumerable<TRow> By<T>(IEnumerable<TRow> rows, Func<TRow, T> by) =>
        Descending ? rows.OrderByDescending(by) : rows.OrderBy(by);

    protected IOrderedEnumerable<TRow> By(IEnumerable<TRow> rows, Func<TRow, string> by) => Descending
        ? rows.OrderByDescending(by, StringComparer.OrdinalIgnoreCase)
        : rows.OrderBy(by, StringComparer.OrdinalIgnoreCase);

    /// <summary>A word of an address; one that makes no sense stands for the default.</summary>
    protected static T Parse<T>(string? text)
        where T : struct, Enum => Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : default;

    /// <summary>The order that an address names, and whether it is turned round.</summary>
    protected static (TSort Sort, bool Descending) ParseSort(string? text)
    {
        var descending = text?.StartsWith('-') == true;
        return (Parse<TSort>(descending ? text![1..] : text), descending);
    }

    /// <summary>The word for a choice in an address; null for the default.</summary>
    protected static string? WordOf<T>(T value)
        where T : struct, Enum => IsDefault(value) ? null : Word(value);

    // Groups are sorted, rows only dealt out to them: there are far fewer groups, and a live list does it with each change.
    private List<TRow> ToList(IEnumerable<TRow> rows)
    {
        if (!IsGrouped)
        {
            return [.. rows];
        }

        var groups = new Dictionary<ListGroup, List<TRow>>();
        foreach (var row in rows)
        {
            var group = GroupOf(row);
            if (!groups.TryGetValue(group, out var members))
            {
                groups[group] = members = [];
            }

            members.Add(row);
        }

        return [.. groups.OrderBy(group => group.Key).SelectMany(group => group.Value)];
    }

    private static bool IsDefault<T>(T value)
        where T : struct, Enum => EqualityComparer<T>.Default.Equals(value, default);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
