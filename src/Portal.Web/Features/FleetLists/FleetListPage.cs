using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Web.Access;
using Portal.Web.Components;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.FleetLists.Preferences;
using Portal.Web.Features.FleetLists.Views;
using Portal.Web.Nodes;

namespace Portal.Web.Features.FleetLists;

/// <summary>
/// A page that lists things of all nodes that the user may see, live. What is searched for stands in the address, what is selected
/// does not.
/// </summary>
/// <typeparam name="TRow">A row.</typeparam>
/// <typeparam name="TKey">What tells rows apart.</typeparam>
/// <typeparam name="TQuery">What is shown, and how.</typeparam>
/// <typeparam name="TSort">The columns.</typeparam>
public abstract class FleetListPage<TRow, TKey, TQuery, TSort> : FleetComponent
    where TRow : class, IFleetRow<TKey>
    where TQuery : ListQuery<TQuery, TRow, TKey, TSort>
    where TSort : struct, Enum
{
    private static readonly TimeSpan s_drawInterval = TimeSpan.FromMilliseconds(100);
    private readonly HashSet<TKey> _selected = [];

    // What was navigated to and the browser has not told of yet, oldest first.
    private readonly Queue<TQuery> _sent = new();
    private IReadOnlyList<string> _hidden = [];
    private IReadOnlyList<(Guid, string, NodePresence, FleetEnvironment?, object)> _shownNodes = [];
    private EffectiveAccess? _shownAccess;
    private (int Version, TQuery Query, IReadOnlyList<TRow> Rows)? _sorted;
    private TQuery? _query;
    private string _path = "";
    private int _shownVersion = -1;
    private bool _drawing;
    private bool _unchanged;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IColumnPreferences Preferences { get; init; }

    [Inject]
    public required ISavedViews Views { get; init; }

    /// <summary>All rows, whatever is searched for.</summary>
    protected abstract IFleetRows<TRow> Source { get; }

    /// <summary>What the list is called where its columns are kept.</summary>
    protected abstract string ListName { get; }

    /// <summary>The columns, from left to right; one by the node's name is left out while there is one node alone.</summary>
    protected abstract IReadOnlyList<ListColumn<TSort>> AllColumns { get; }

    /// <summary>The column of the node's name.</summary>
    protected abstract TSort NodeColumn { get; }

    /// <summary>The columns to show.</summary>
    protected ColumnSet<TSort> Columns { get; private set; } = new([], []);

    /// <summary>What is asked for: by the address, or since then and on its way into it.</summary>
    protected TQuery Query => _query ??= ReadAddress(Navigation.Uri);

    /// <summary>The rows that fit <see cref="Query"/>, in order.</summary>
    protected IReadOnlyList<TRow> Rows { get; private set; } = [];

    /// <summary><see cref="Rows"/>, with headings when they are grouped.</summary>
    protected ICollection<ListLine<TRow>> Lines { get; private set; } = [];

    /// <summary>Whether the nodes have answered, so that no row means that there is none.</summary>
    protected bool Asked { get; private set; }

    protected IReadOnlyList<NodeState> Online => [.. Nodes.Where(node => node.Presence == NodePresence.Online)];

    protected NodeState? ChosenNode => Nodes.FirstOrDefault(node => node.Name == Query.Node);

    protected List<TRow> Selected =>
        _selected.Count == 0 ? [] : [.. Source.Rows.Where(row => CanSelect(row) && _selected.Contains(row.Key))];

    protected bool AllSelected => Rows.Any(CanSelect) && Rows.Where(CanSelect).All(row => _selected.Contains(row.Key));

    /// <summary>How many there are on how many nodes.</summary>
    protected string Total
    {
        get
        {
            var nodes = Source.Rows.Select(row => row.NodeId).Distinct().Count();
            return Plural(nodes, "{1} on {0} node", "{1} on {0} nodes", Source.Rows.Count);
        }
    }

    /// <summary>Reads the address.</summary>
    /// <param name="part">The first value under a name; null when there is none.</param>
    protected abstract TQuery ReadQuery(Func<string, string?> part);

    /// <summary>Whether something can be done to the row together with others.</summary>
    protected virtual bool CanSelect(TRow row) => !row.Stale;

    public override ValueTask DisposeAsync()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        return base.DisposeAsync();
    }

    protected override async Task OnInitializedAsync()
    {
        _path = PathOf(Navigation.Uri);
        Navigation.LocationChanged += OnLocationChanged;
        await ReadColumnsAsync();
        await base.OnInitializedAsync();
        await BeginAsync();
    }

    protected override void OnParametersSet() => Show();

    protected override void OnFleetChanged()
    {
        var ask = Source.Update(Nodes, Access);
        if (ask.Count > 0 && RendererInfo.IsInteractive)
        {
            _ = ReadAsync(ask);
        }

        // Counters change every two seconds, what is listed rarely: only then is the page drawn again.
        var nodes = Nodes.Select(node => (node.Id, node.Name, node.Presence, node.Environment, (object)node.Labels)).ToList();
        _unchanged = Source.Version == _shownVersion && nodes.SequenceEqual(_shownNodes) && Access.IsSameAs(_shownAccess);
        if (!_unchanged)
        {
            (_shownNodes, _shownAccess) = (nodes, Access);
            Show();
        }
    }

    protected override bool ShouldRender()
    {
        var draw = !_unchanged;
        _unchanged = false;
        return draw;
    }

    /// <summary>Shows what fits, and says so in the address.</summary>
    protected void Filter(TQuery query)
    {
        // Shown, and asked for from here on, before the browser has changed its address: what is chosen next is chosen beside it.
        _query = query;
        Show();
        var address = query.ToAddress();
        var sent = ReadQuery(address);
        if (sent != (_sent.Count > 0 ? _sent.Last() : ReadAddress(Navigation.Uri)))
        {
            _sent.Enqueue(sent);
            Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(address), replace: true);
        }
    }

    /// <summary>
    /// Searches while somebody types. Fields bind it (<c>@bind:set</c>) instead of listening: what is drawn for a letter then never takes
    /// away those that were typed since.
    /// </summary>
    protected void SearchFor(string? search) => Filter(Query with { Search = search ?? "" });

    protected void SortBy(TSort sort) => Filter(Query.SortedBy(sort));

    protected void ChooseNode(string node) => Filter(Query.OnNode(node));

    protected void Group(bool grouped) => Filter(Query.InGroups(grouped));

    /// <summary>Shows a column or takes it away, for as long as the person does not choose otherwise.</summary>
    protected async Task ChooseColumnAsync((string Word, bool Shown) column)
    {
        _hidden = column.Shown ? [.. _hidden.Where(word => word != column.Word)] : [.. _hidden.Append(column.Word).Distinct()];
        Show();
        if (User.UserId() is { } person)
        {
            try
            {
                await Preferences.WriteAsync(person, ListName, _hidden, Closed);
            }
            catch (Exception failure) when (failure.IsDatabaseAway())
            {
                Dialogs.Failed(T("Your columns were not kept"), T("The portal's database does not answer. They stay until you leave the page."));
            }
        }
    }

    /// <summary>The nodes that are online and where the user may do something.</summary>
    protected IReadOnlyList<NodeState> NodesThatAllow(string permission) =>
        [.. Online.Where(node => Access.Allows(permission, AccessScope.Node(node.Id)))];

    /// <summary>Of those, the ones that take new containers and images.</summary>
    protected IReadOnlyList<NodeState> NodesThatTake(string permission) =>
        [.. NodesThatAllow(permission).Where(node => node.TakesPlacements)];

    /// <summary>What a view that is saved now would hold.</summary>
    protected (string Query, IReadOnlyList<string> Hidden) ShownNow()
    {
        var parts = Query.ToAddress().Where(part => part.Value is not null)
            .Select(part => KeyValuePair.Create(part.Key, (string?)Convert.ToString(part.Value, CultureInfo.InvariantCulture)));
        return (QueryString.Create(parts).ToString(), _hidden);
    }

    /// <summary>Shows a saved view. Its columns are shown until others are chosen, which are kept as ever.</summary>
    protected void OpenView(SavedViewEntry view)
    {
        _hidden = view.Hidden;
        Filter(ReadAddress(new Uri(new Uri(Navigation.Uri), "?" + view.Query).ToString()));
    }

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

    // An address that says something is what was asked for; one that says nothing begins with what the person chose to begin with.
    private async Task BeginAsync()
    {
        if (new Uri(Navigation.Uri).Query.Length > 1 || User.UserId() is null)
        {
            return;
        }

        try
        {
            if ((await Views.ListAsync(User, ListName, Closed)).FirstOrDefault(view => view.IsDefault) is { } begun)
            {
                (_hidden, _query) = (begun.Hidden, ReadAddress(new Uri(new Uri(Navigation.Uri), "?" + begun.Query).ToString()));
                Show();
                if (RendererInfo.IsInteractive)
                {
                    Filter(_query);
                }
            }
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            // The whole list then: nothing is lost but a habit.
            return;
        }
    }

    private static string PathOf(string address) => new Uri(address).AbsolutePath;

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change)
    {
        // The page hears also of the address that it is left for.
        if (PathOf(change.Location) != _path)
        {
            return;
        }

        var query = ReadAddress(change.Location);
        if (_sent.Count > 0)
        {
            // The page's own navigations arrive in their order; it shows already what the last of them says.
            if (query == _sent.Peek())
            {
                _sent.Dequeue();
            }
        }
        else
        {
            _query = query;
            Show();
        }

        StateHasChanged();
    }

    private TQuery ReadAddress(string address)
    {
        var parts = QueryHelpers.ParseQuery(new Uri(address).Query);
        return ReadQuery(parts.ToDictionary(part => part.Key, part => (object?)part.Value[0], StringComparer.OrdinalIgnoreCase));
    }

    private TQuery ReadQuery(Dictionary<string, object?> address) =>
        ReadQuery(name => address.GetValueOrDefault(name) as string).InGroups(address.GetValueOrDefault("group") is "node");

    private async Task ReadColumnsAsync()
    {
        try
        {
            _hidden = (await Authentication).User.UserId() is { } person
                ? await Preferences.ReadAsync(person, ListName, Closed) ?? []
                : [];
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            // Then all of them are shown.
        }
    }

    private async Task ReadAsync(IReadOnlyList<Guid> nodeIds)
    {
        try
        {
            await Source.ReadAsync(User, nodeIds, DrawSoon, Closed);
            Asked = true;
            Show();
            StateHasChanged();
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
        catch (Exception failure)
        {
            await DispatchExceptionAsync(failure);
        }
    }

    // Many nodes answer one after another: what comes within a tenth of a second is drawn at once.
    private void DrawSoon()
    {
        if (!_drawing)
        {
            _drawing = true;
            _ = DrawAsync();
        }
    }

    private async Task DrawAsync()
    {
        await Task.Delay(s_drawInterval, Time);
        _drawing = false;
        if (!Closed.IsCancellationRequested)
        {
            Show();
            StateHasChanged();
        }
    }

    private void Show()
    {
        _shownVersion = Source.Version;

        // Many rows take longer to sort than to choose from, and who types a word only chooses.
        if (_sorted is not { } sorted || sorted.Version != Source.Version || !sorted.Query.HasOrderOf(Query))
        {
            _sorted = sorted = (Source.Version, Query, Source.AreInOrder ? Query.FromOrder(Source.Rows) : Query.InOrder(Source.Rows));
        }

        Rows = Query.ChooseFrom(NodeSelection.IsOfMany(Query.Node) ? OnSelectedNodes(sorted.Rows) : sorted.Rows);
        Lines = Query.Grouped ? WithHeadings() : new RowLines<TRow>(Rows);
        var isNodeTold = Nodes.Count > 1;
        var columns = AllColumns.Where(column => isNodeTold || !EqualityComparer<TSort>.Default.Equals(column.Name, NodeColumn));
        Columns = new([.. columns], _hidden);
        if (_selected.Count > 0)
        {
            _selected.IntersectWith(Source.Rows.Select(row => row.Key));
        }
    }

    private List<TRow> OnSelectedNodes(IReadOnlyList<TRow> rows)
    {
        var nodes = Nodes.Where(node => NodeSelection.Holds(Query.Node, node)).Select(node => node.Id).ToHashSet();
        return [.. rows.Where(row => nodes.Contains(row.NodeId))];
    }

    private List<ListLine<TRow>> WithHeadings()
    {
        var lines = new List<ListLine<TRow>>(Rows.Count + Nodes.Count);
        foreach (var group in Rows.GroupBy(row => row.NodeId))
        {
            var rows = group.ToList();
            lines.Add(new ListLine<TRow>(null, rows[0].NodeName, rows.Count));
            lines.AddRange(rows.Select(row => new ListLine<TRow>(row)));
        }

        return lines;
    }
}
