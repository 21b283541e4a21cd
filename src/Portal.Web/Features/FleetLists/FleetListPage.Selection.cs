namespace Portal.Web.Features.FleetLists;

/// <content>What is selected, to do something with all of it. It is forgotten with the page, and what is gone is selected no more.</content>
public abstract partial class FleetListPage<TRow, TKey, TQuery, TSort>
{
    private readonly HashSet<TKey> _selected = [];

    protected List<TRow> Selected =>
        _selected.Count == 0 ? [] : [.. Source.Rows.Where(row => CanSelect(row) && _selected.Contains(row.Key))];

    protected bool AllSelected => Rows.Any(CanSelect) && Rows.Where(CanSelect).All(row => _selected.Contains(row.Key));

    /// <summary>Whether something can be done to the row together with others.</summary>
    protected virtual bool CanSelect(TRow row) => !row.Stale;

    protected bool IsSelected(TRow row) => _selected.Contains(row.Key);

    protected void Select(TRow row) => _ = _selected.Remove(row.Key) || _selected.Add(row.Key);

    protected void SelectAll()
    {
        if (AllSelected)
        {
            _selected.Clear();
        }
        else
        {
            _selected.UnionWith(Rows.Where(CanSelect).Select(row => row.Key));
        }
    }

    protected void ClearSelection() => _selected.Clear();

    private void KeepSelected()
    {
        if (_selected.Count > 0)
        {
            _selected.IntersectWith(Source.Rows.Select(row => row.Key));
        }
    }
}
