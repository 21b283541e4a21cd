namespace Portal.Web.Features.FleetLists.Groups;

/// <summary>A line of a list: a row, or the heading of a group of rows.</summary>
/// <param name="Row">The row; null for a heading.</param>
/// <param name="Group">The group that a heading stands for.</param>
/// <param name="Count">How many rows it has.</param>
/// <param name="Folded">Whether they are not shown.</param>
/// <typeparam name="TRow">A row of the list.</typeparam>
public readonly record struct ListLine<TRow>(TRow? Row, ListGroup Group = default, int Count = 0, bool Folded = false)
    where TRow : class
{
    /// <summary>Rows, each group of which stands together, with headings.</summary>
    public static List<ListLine<TRow>> InGroups(IReadOnlyList<TRow> rows, Func<TRow, ListGroup> groupOf, Func<ListGroup, bool> isFolded)
    {
        var lines = new List<ListLine<TRow>>();
        for (var from = 0; from < rows.Count;)
        {
            var group = groupOf(rows[from]);
            var to = from + 1;
            while (to < rows.Count && groupOf(rows[to]) == group)
            {
                to++;
            }

            var folded = isFolded(group);
            lines.Add(new ListLine<TRow>(null, group, to - from, folded));
            for (; from < to; from++)
            {
                if (!folded)
                {
                    lines.Add(new ListLine<TRow>(rows[from]));
                }
            }
        }

        return lines;
    }
}
