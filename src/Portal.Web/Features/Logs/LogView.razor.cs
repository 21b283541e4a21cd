using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Containers;

namespace Portal.Web.Features.Logs;

/// <summary>
/// The logs of one container or of several. Lines go through the circuit as data in batches; drawing, search and scrolling are the browser's.
/// How it is looked at stands in the page's address.
/// </summary>
public sealed partial class LogView : IAsyncDisposable
{
    // An identity keeps its number when its container is made anew.
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly BrowserScript _browser = new();
    private readonly CancellationTokenSource _closed = new();
    private ClaimsPrincipal _user = new();
    private DotNetObjectReference<LogView>? _self;
    private IJSObjectReference? _view;
    private ElementReference _host;
    private LogViewOptions _options = new();
    private LogGathering? _gathering;
    private CancellationTokenSource _reading = new();
    private (long At, string? Mark)? _moment;
    private IReadOnlyList<LogSource> _told = [];
    private bool _following = true;
    private bool _paused;
    private int _held;
    private string? _error;
    private string? _queryError;

    [Parameter]
    [EditorRequired]
    public required IReadOnlyList<LogSource> Sources { get; set; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ContainerWatch Watch { get; init; }

    [Inject]
    public required LogHistory History { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string Text
    {
        get => _options.Text;
        set => _options = _options with { Text = value ?? "" };
    }

    private string Fields
    {
        get => _options.Fields;
        set => _options = _options with { Fields = value ?? "" };
    }

    private string DownloadAddress =>
        $"api/v1/nodes/{Sources[0].Container.NodeId}/containers/{Sources[0].Container.Id}/logs"
        + $"?timestamps={(_options.Times == "off" ? "false" : "true")}";

    /// <summary>The reader scrolled away from the end, or back to it.</summary>
    [JSInvokable]
    public void OnFollowingChanged(bool following)
    {
        _following = following;
        StateHasChanged();
    }

    [JSInvokable]
    public void OnQueryError(string error)
    {
        _queryError = error.Length > 0 ? error : null;
        StateHasChanged();
    }

    [JSInvokable]
    public void OnHeld(int lines)
    {
        _held = lines;
        StateHasChanged();
    }

    /// <summary>A field was picked.</summary>
    [JSInvokable]
    public Task OnFields(string term) => ApplyAsync(_options with { Fields = $"{_options.Fields.Trim()} {term}".Trim() });

    [JSInvokable]
    public async Task<IReadOnlyList<LogPage>> OnOlder(LogCursor[] cursors) =>
        Show(await History.ReadOlderAsync(_user, cursors, Find, _closed.Token));

    [JSInvokable]
    public async Task<IReadOnlyList<LogPage>> OnNewer(LogCursor[] cursors) =>
        Show(await History.ReadNewerAsync(_user, cursors, Find, _closed.Token));

    /// <summary>The reader went back so far that what comes is not held any more.</summary>
    [JSInvokable]
    public Task OnLeftLive() => EndReadingAsync();

    [JSInvokable]
    public Task OnGoLive()
    {
        if (_moment is null)
        {
            return BeginAsync();
        }

        GoTo(null);
        return Task.CompletedTask;
    }

    [JSInvokable]
    public void OnJump(double at) => GoTo((long)at);

    public async ValueTask DisposeAsync()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        await _closed.CancelAsync();
        await EndReadingAsync();
        _self?.Dispose();
        await _browser.DisposeAsync();
        _closed.Dispose();
        _reading.Dispose();
    }

    protected override void OnInitialized()
    {
        _options = LogViewOptions.Parse(Navigation.Uri);
        _moment = LogMoment.Parse(Navigation.Uri);
        Navigation.LocationChanged += OnLocationChanged;
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_view is not null && !Sources.SequenceEqual(_told))
        {
            var others = !Sources.Select(source => source.Identity).SequenceEqual(_told.Select(source => source.Identity));
            await TellSourcesAsync();
            if (others && _options.Side)
            {
                // Each has a place of its own, so the places are others now.
                await BeginAsync();
            }
            else if (_moment is null)
            {
                _gathering?.Set(Numbered());
            }
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _user = (await Authentication).User;
        _self = DotNetObjectReference.Create(this);
        _view = await _browser.CreateAsync(Script, "./Features/Logs/LogView.razor.js", () => [_host, _self, _options]);
        if (_view is not null)
        {
            await TellSourcesAsync();
            await BeginAsync();
        }
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change) => _ = InvokeAsync(async () =>
    {
        var moment = LogMoment.Parse(change.Location);
        if (moment != _moment && _view is not null)
        {
            _moment = moment;
            await BeginAsync();
            StateHasChanged();
        }
    });

    private void GoTo(long? at) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["at"] = at, ["line"] = null }));

    // What is written now, or what was written around a moment.
    private async Task BeginAsync()
    {
        await EndReadingAsync();
        (_error, _paused, _held) = (null, false, 0);
        try
        {
            await _view!.InvokeVoidAsync("clear");
            if (_moment is { } moment)
            {
                await ShowContextAsync(moment.At, moment.Mark);
                return;
            }
        }
        catch (Exception failure) when (IsGone(failure))
        {
            return;
        }

        _reading = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
        _gathering = new LogGathering((container, tail, token) => Watch.LogsAsync(_user, container, tail, token), Time);
        _gathering.Set(Numbered());
        _ = ReadAsync(_gathering, _reading.Token);
    }

    private async Task ReadAsync(LogGathering gathering, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var delivery in gathering.ReadAsync(cancellationToken))
            {
                await _view!.InvokeVoidAsync("append", cancellationToken, delivery.Lines, delivery.Notes, delivery.From);
            }
        }
        catch (Exception failure) when (IsGone(failure))
        {
            // Nobody looks any more.
        }
    }

    private async Task EndReadingAsync()
    {
        await _reading.CancelAsync();
        if (_gathering is { } gathering)
        {
            _gathering = null;
            await gathering.DisposeAsync();
        }
    }

    private async Task ShowContextAsync(long at, string? mark)
    {
        var sources = Numbered().Select(item => item.Index).ToList();
        var older = await History.ReadAroundAsync(_user, sources, at, back: true, Find, _closed.Token);
        var newer = await History.ReadAroundAsync(_user, sources, at, back: false, Find, _closed.Token);
        _error = older.Error ?? newer.Error;
        await _view!.InvokeVoidAsync("showContext", new { at, mark, older = older.Pages, newer = newer.Pages });
        StateHasChanged();
    }

    private async Task TellSourcesAsync()
    {
        _told = Sources;
        var sources = Numbered().Select(item => new
        {
            index = item.Index, name = item.Source.Container.Name, node = item.Source.NodeName, address = AddressOf(item.Source),
        });
        await _view!.InvokeVoidAsync("setSources", sources);
    }

    // A link to a line holds when the container is made anew: by its names.
    private static string AddressOf(LogSource source) => $"logs?c={Uri.EscapeDataString($"{source.NodeName}/{source.Container.Name}")}";

    private List<(int Index, LogSource Source)> Numbered()
    {
        var numbered = new List<(int, LogSource)>(Sources.Count);
        foreach (var source in Sources)
        {
            if (!_numbers.TryGetValue(source.Identity, out var number))
            {
                _numbers[source.Identity] = number = _numbers.Count;
            }

            numbered.Add((number, source));
        }

        return numbered;
    }

    private ContainerKey? Find(int number) =>
        Sources.FirstOrDefault(source => _numbers.GetValueOrDefault(source.Identity, -1) == number)?.Container;

    private IReadOnlyList<LogPage> Show((IReadOnlyList<LogPage> Pages, string? Error) answer)
    {
        if (answer.Error is not null && answer.Error != _error)
        {
            _error = answer.Error;
            StateHasChanged();
        }

        return answer.Pages;
    }

    // While somebody types, the address stays: it follows when they are done.
    private Task TypedAsync() => ApplyAsync(_options, keep: false);

    private async Task ApplyAsync(LogViewOptions options, bool keep = true)
    {
        _options = options;
        if (_view is not null)
        {
            await _view.InvokeVoidAsync("setOptions", options);
        }

        if (keep)
        {
            Keep();
        }
    }

    private void Keep() => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(_options.ToAddress()), replace: true);

    private async Task OnSide()
    {
        await ApplyAsync(_options with { Side = !_options.Side });
        if (_view is not null)
        {
            await BeginAsync();
        }
    }

    private async Task OnFollow()
    {
        if (_view is not null)
        {
            await _view.InvokeVoidAsync("setFollowing", !_following);
        }
    }

    private async Task OnPause()
    {
        if (_view is not null)
        {
            (_paused, _held) = (!_paused, 0);
            await _view.InvokeVoidAsync(_paused ? "pause" : "resume");
        }
    }

    private async Task OnClear()
    {
        if (_view is not null && _moment is null)
        {
            await _view.InvokeVoidAsync("clear");
        }
    }

    private static bool IsGone(Exception failure) =>
        failure is OperationCanceledException or JSDisconnectedException or ObjectDisposedException;

    private static string TextOf(ChangeEventArgs change) => change.Value as string ?? "";

    private static string Pressed(bool on) => on ? "true" : "false";
}
