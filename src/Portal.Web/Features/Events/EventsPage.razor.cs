using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Portal.Web.Access;
using Portal.Web.Nodes.Telemetry;

namespace Portal.Web.Features.Events;

/// <summary>Engine events of all nodes, live and kept.</summary>
public sealed partial class EventsPage
{
    private const int PageSize = 200;

    // So many are drawn; older ones are found by the filters.
    private const int Most = 2000;
    private EventFilter _filter = new("", "", "");
    private IReadOnlyList<FleetEvent>? _events;
    private bool _live = true;
    private bool _more;
    private string? _error;

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required EventReader Reader { get; init; }

    [Inject]
    public required NodeEventSignal Signal { get; init; }

    public override ValueTask DisposeAsync()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        return base.DisposeAsync();
    }

    protected override async Task OnInitializedAsync()
    {
        _filter = EventFilter.Parse(Navigation.Uri);
        Navigation.LocationChanged += OnLocationChanged;
        await base.OnInitializedAsync();
        await LoadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        base.OnAfterRender(firstRender);
        if (firstRender)
        {
            _ = WatchEventsAsync();
        }
    }

    private async Task WatchEventsAsync()
    {
        try
        {
            await foreach (var _ in Signal.WatchAsync(Closed))
            {
                if (_live)
                {
                    await InvokeAsync(LoadNewAsync);
                }
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }

    private async Task LoadNewAsync()
    {
        await LoadAsync();
        StateHasChanged();
    }

    private async Task LoadAsync()
    {
        var filter = _filter;
        if (await ReadAsync(null) is not { } newest || filter != _filter)
        {
            return;
        }

        // What was loaded beyond the first page stays below it.
        var known = newest.Select(item => item.Key).ToHashSet(StringComparer.Ordinal);
        var older = newest.Count < PageSize ? [] : (_events ?? []).Where(item => item.At <= newest[^1].At && !known.Contains(item.Key));
        _events = [.. newest.Concat(older).Take(Most)];
        _more = newest.Count == PageSize && _events.Count < Most;
    }

    private async Task LoadOlderAsync()
    {
        if (_events is { Count: > 0 } shown && await ReadAsync(shown[^1]) is { } older)
        {
            _live = false;
            _events = [.. shown.Concat(older).Take(Most)];
            _more = older.Count == PageSize && _events.Count < Most;
        }
    }

    private async Task<IReadOnlyList<FleetEvent>?> ReadAsync(FleetEvent? before)
    {
        try
        {
            var events = await Reader.ReadAsync(User, _filter, before, PageSize, Closed);
            _error = null;
            return events;
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            _error = T("The events can't be read: the database does not answer. They are read again with the next event.");
            return null;
        }
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change) => _ = InvokeAsync(async () =>
    {
        _filter = EventFilter.Parse(change.Location);
        _events = null;
        await LoadNewAsync();
    });

    private void Choose(EventFilter filter) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(filter.ToAddress()), replace: true);

    private Task OnLive()
    {
        _live = !_live;
        return _live ? LoadAsync() : Task.CompletedTask;
    }

    private string NodeOf(FleetEvent item) => Nodes.FirstOrDefault(node => node.Id == item.NodeId)?.Name ?? "";

    private static string TextOf(ChangeEventArgs change) => change.Value as string ?? "";
}
