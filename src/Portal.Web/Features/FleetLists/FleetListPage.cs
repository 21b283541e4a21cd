using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Web.Access;
using Portal.Web.Components;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.FleetLists.Groups;
using Portal.Web.Features.FleetLists.Preferences;
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
public abstract partial class FleetListPage<TRow, TKey, TQuery, TSort> : FleetComponent
    where TRow : class, IFleetRow<TKey>
    where TQuery : ListQuery<TQuery, TRow, TKey, TSort>
    where TSort : struct, Enum
{
    private static readonly TimeSpan s_drawInterval = TimeSpan.FromMilliseconds(100);

    // What was navigated to and the browser has not told of yet, oldest first.
    private readonly Queue<TQuery> _sent = new();

    // Groups that are not as the address says of all.
    private readonly HashSet<ListGroup> _turned = [];
    private IReadOnlyList<string> _hidden = [];
    private (IReadOnlyList<string> Hidden, bool IsNodeTold)? _shownColumns;
    private (int Version, TQuery Query)? _chosen;
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

    // Also after each change of the address: what is shown already is not chosen again.
    protected override void OnParametersSet()
    {
        if (_chosen != (Source.Version, Query))
        {
            Show();
        }
    }

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

    /// <summary>Puts rows in groups, all of them open.</summary>
    protected void Group(ListGrouping grouping) => FoldAll(Query.InGroups(grouping));

    /// <summary>Shows the headings of all groups alone, or all rows again.</summary>
    protected void FoldAll(bool folded) => FoldAll(Query.InGroups(Query.Grouping, folded));

    /// <summary>Shows the rows of a group, or its heading alone.</summary>
    protected void Fold(ListGroup group)
    {
        _ = _turned.Remove(group) || _turned.Add(group);
        Lines = InGroups();
    }

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
        ReadQuery(name => address.GetValueOrDefault(name) as string)
            .InGroups(address.GetValueOrDefault("group") as string, address.GetValueOrDefault("folded") as string);

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
        _chosen = (Source.Version, Query);
        Lines = Query.Grouping == ListGrouping.None ? new RowLines<TRow>(Rows) : InGroups();
        ShowColumns();
        KeepSelected();
    }

    private List<TRow> OnSelectedNodes(IReadOnlyList<TRow> rows)
    {
        var nodes = Nodes.Where(node => NodeSelection.Holds(Query.Node, node)).Select(node => node.Id).ToHashSet();
        return [.. rows.Where(row => nodes.Contains(row.NodeId))];
    }

    // The same object while it says the same, so that no row is drawn for it.
    private void ShowColumns()
    {
        var isNodeTold = Nodes.Count > 1;
        if (_shownColumns != (_hidden, isNodeTold))
        {
            _shownColumns = (_hidden, isNodeTold);
            var columns = AllColumns.Where(column => isNodeTold || !EqualityComparer<TSort>.Default.Equals(column.Name, NodeColumn));
            Columns = new([.. columns], _hidden);
        }
    }

    private List<ListLine<TRow>> InGroups() =>
        ListLine<TRow>.InGroups(Rows, Query.GroupOf, group => Query.Folded != _turned.Contains(group));

    private void FoldAll(TQuery query)
    {
        _turned.Clear();
        Filter(query);
    }
}
