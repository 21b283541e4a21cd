using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Web.Access;
using Portal.Web.Components;
using Portal.Web.Components.Dialogs;
using Portal.Web.Nodes;

namespace Portal.Web.Features.FleetLists;

/// <summary>
/// A page that lists things of all nodes that the user may see, live. What is searched for stands in the address, what is selected
/// does not.
/// </summary>
/// <typeparam name="TRow">A row.</typeparam>
/// <typeparam name="TKey">What tells rows apart.</typeparam>
/// <typeparam name="TQuery">What is shown, and how.</typeparam>
public abstract class FleetListPage<TRow, TKey, TQuery> : FleetComponent
    where TRow : IFleetRow<TKey>
    where TQuery : class, IListQuery<TRow>
{
    private static readonly TimeSpan s_drawInterval = TimeSpan.FromMilliseconds(100);
    private readonly HashSet<TKey> _selected = [];
    private IReadOnlyList<(Guid Id, string Name, NodePresence Presence)> _shownNodes = [];
    private EffectiveAccess? _shownAccess;
    private TQuery? _query;
    private string _path = "";
    private int _shownVersion = -1;
    private bool _drawing;
    private bool _unchanged;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>All rows, whatever is searched for.</summary>
    protected abstract IFleetRows<TRow> Source { get; }

    /// <summary>What the address asks for.</summary>
    protected TQuery Query => _query ??= ReadAddress();

    /// <summary>The rows that fit <see cref="Query"/>, in order.</summary>
    protected List<TRow> Rows { get; private set; } = [];

    /// <summary>Whether the nodes have answered, so that no row means that there is none.</summary>
    protected bool Asked { get; private set; }

    protected IReadOnlyList<NodeState> Online => [.. Nodes.Where(node => node.Presence == NodePresence.Online)];

    protected NodeState? ChosenNode => Nodes.FirstOrDefault(node => node.Name == Query.Node);

    protected List<TRow> Selected => [.. Source.Rows.Where(row => CanSelect(row) && _selected.Contains(row.Key))];

    protected bool AllSelected => Rows.Any(CanSelect) && Rows.Where(CanSelect).All(row => _selected.Contains(row.Key));

    /// <summary>How many there are on how many nodes.</summary>
    protected string Total
    {
        get
        {
            var nodes = Source.Rows.Select(row => row.NodeId).Distinct().Count();
            return $"{Source.Rows.Count} on {(nodes == 1 ? "1 node" : $"{nodes} nodes")}";
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

    protected override Task OnInitializedAsync()
    {
        _path = PathOf(Navigation.Uri);
        Navigation.LocationChanged += OnLocationChanged;
        return base.OnInitializedAsync();
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
        var nodes = Nodes.Select(node => (node.Id, node.Name, node.Presence)).ToList();
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
    protected void Filter(TQuery query) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(query.ToAddress()), replace: true);

    /// <summary>The nodes that are online and where the user may do something.</summary>
    protected IReadOnlyList<NodeState> NodesThatAllow(string permission) =>
        [.. Online.Where(node => Access.Allows(permission, AccessScope.Node(node.Id)))];

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

    private static string PathOf(string address) => new Uri(address).AbsolutePath;

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change)
    {
        // The page hears also of the address that it is left for.
        if (PathOf(change.Location) == _path)
        {
            _query = ReadAddress();
            Show();
            StateHasChanged();
        }
    }

    private TQuery ReadAddress()
    {
        var parts = QueryHelpers.ParseQuery(Navigation.ToAbsoluteUri(Navigation.Uri).Query);
        return ReadQuery(name => parts.TryGetValue(name, out var values) ? values[0] : null);
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
        Rows = Query.Apply(Source.Rows);
        if (_selected.Count > 0)
        {
            _selected.IntersectWith(Source.Rows.Select(row => row.Key));
        }
    }
}
