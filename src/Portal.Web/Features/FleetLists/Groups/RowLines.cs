using System.Collections;

namespace Portal.Web.Features.FleetLists.Groups;

/// <summary>The lines of a list without headings, each made when it is drawn: a list of its own would be megabytes, anew for each change.</summary>
/// <param name="rows">The rows; not to be changed afterwards.</param>
/// <typeparam name="TRow">A row of the list.</typeparam>
internal sealed class RowLines<TRow>(IReadOnlyList<TRow> rows) : IList<ListLine<TRow>>
    where TRow : class
{
    public int Count => rows.Count;

    public bool IsReadOnly => true;

    /// <summary>By its place, which is how a part of the list is taken.</summary>
    public ListLine<TRow> this[int index]
    {
        get => new(rows[index]);
        set => throw Fixed();
    }

    public bool Contains(ListLine<TRow> item) => IndexOf(item) >= 0;

    public int IndexOf(ListLine<TRow> item)
    {
        for (var index = 0; index < rows.Count; index++)
        {
            if (ReferenceEquals(rows[index], item.Row))
            {
                return index;
            }
        }

        return -1;
    }

    public void CopyTo(ListLine<TRow>[] array, int arrayIndex)
    {
        foreach (var line in this)
        {
            array[arrayIndex++] = line;
        }
    }

    public IEnumerator<ListLine<TRow>> GetEnumerator() => rows.Select(row => new ListLine<TRow>(row)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Add(ListLine<TRow> item) => throw Fixed();

    public void Clear() => throw Fixed();

    public void Insert(int index, ListLine<TRow> item) => throw Fixed();

    public bool Remove(ListLine<TRow> item) => throw Fixed();

    public void RemoveAt(int index) => throw Fixed();

    private static NotSupportedException Fixed() => new("The lines of a list follow its rows.");
}
