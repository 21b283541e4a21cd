using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using Portal.Contracts.Hubs;
using Portal.Web.Access;
using Portal.Web.Components.Shared;

namespace Portal.Web.Features.Containers.Logs;

/// <summary>A container's log, live. Lines go through the circuit as data in batches; drawing, search and scrolling are the browser's.</summary>
public sealed partial class LogView : IAsyncDisposable
{
    private const int Capacity = 20_000;
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(1);
    private CancellationTokenSource _watching = new();
    private DotNetObjectReference<LogView>? _self;
    private readonly BrowserScript _browser = new();
    private IJSObjectReference? _view;
    private ElementReference _host;
    private string _search = "";
    private int _tail = 1000;
    private bool _following = true;
    private bool _timestamps = true;
    private bool _wrap;
    private string? _error;
    private TaskCompletionSource _running = new();
    private DateTimeOffset? _lastTime;
    private DateTimeOffset? _shownUntil;

    [Parameter]
    [EditorRequired]
    public required ContainerKey Container { get; set; }

    /// <summary>False when the container has ended, or never began.</summary>
    [Parameter]
    public bool Running { get; set; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ContainerWatch Watch { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string DownloadAddress =>
        $"api/v1/nodes/{Container.NodeId}/containers/{Container.Id}/logs?timestamps={(_timestamps ? "true" : "false")}";

    /// <summary>The reader scrolled away from the end, or back to it.</summary>
    [JSInvokable]
    public void OnFollowingChanged(bool following)
    {
        _following = following;
        StateHasChanged();
    }

    public async ValueTask DisposeAsync()
    {
        await _watching.CancelAsync();
        _watching.Dispose();
        _self?.Dispose();
        await _browser.DisposeAsync();
    }

    protected override void OnParametersSet()
    {
        if (Running)
        {
            _running.TrySetResult();
        }
        else if (_running.Task.IsCompleted)
        {
            _running = new TaskCompletionSource();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _self = DotNetObjectReference.Create(this);
        _view = await _browser.CreateAsync(Script, "./Features/Containers/Logs/LogView.razor.js", () => [_host, _self, Options()]);
        if (_view is not null)
        {
            _ = WatchAsync(_watching.Token);
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await WatchRunAsync(cancellationToken);
                if (_error is not null)
                {
                    return;
                }

                // The log may end a moment before the container's state says so.
                await Task.Delay(s_settled, Time, cancellationToken);
                if (!_running.Task.IsCompleted)
                {
                    await NoteAsync("The container does not run. Its log goes on here when it is started.", cancellationToken);
                    await _running.Task.WaitAsync(cancellationToken);
                    await NoteAsync("The container was started.", cancellationToken);
                }

                _shownUntil = _lastTime;
            }
        }
        catch (AccessDeniedException denied)
        {
            await ShowAsync(denied.Message);
        }
        catch (Exception failure) when (failure is OperationCanceledException or JSDisconnectedException or ObjectDisposedException)
        {
            // Nobody looks any more.
        }
    }

    // Until the engine says that no more will come.
    private async Task WatchRunAsync(CancellationToken cancellationToken)
    {
        var user = (await Authentication).User;
        await foreach (var batch in Watch.LogsAsync(user, Container, _tail, cancellationToken))
        {
            await AppendAsync(batch, cancellationToken);
        }
    }

    private ValueTask NoteAsync(string text, CancellationToken cancellationToken) =>
        _view!.InvokeVoidAsync("append", cancellationToken, (object)new[] { Note(text) });

    private static object Note(string text) => new { time = (string?)null, isError = false, note = true, text };

    private async Task AppendAsync(LogBatch batch, CancellationToken cancellationToken)
    {
        var lines = new List<object>(batch.Lines.Count + 1);
        if (batch.Dropped > 0)
        {
            lines.Add(Note($"{batch.Dropped:N0} lines came too fast to be shown; the download has them all."));
        }

        // After a new start the log is read again from lines that are here already.
        var fresh = batch.Lines.Where(line => _shownUntil is not { } until || line.Time > until).ToList();
        _lastTime = fresh.Count > 0 ? fresh[^1].Time : _lastTime;
        lines.AddRange(fresh.Select(line => new { time = line.Time.ToString("O"), isError = line.IsError, text = line.Text }));
        if (lines.Count > 0)
        {
            await _view!.InvokeVoidAsync("append", cancellationToken, lines);
        }

        if (batch.Error is not null)
        {
            await ShowAsync(batch.Error);
        }
    }

    private async Task RestartAsync()
    {
        await _watching.CancelAsync();
        _watching.Dispose();
        _watching = new CancellationTokenSource();
        _error = null;
        _lastTime = _shownUntil = null;
        await _view!.InvokeVoidAsync("clear");
        _ = WatchAsync(_watching.Token);
    }

    private Task ShowAsync(string error) => InvokeAsync(() =>
    {
        _error = error;
        StateHasChanged();
    });

    private object Options() => new { capacity = Capacity, wrap = _wrap, timestamps = _timestamps, search = _search };

    private async Task ApplyAsync()
    {
        if (_view is not null)
        {
            await _view.InvokeVoidAsync("setOptions", Options());
        }
    }

    private async Task OnTail(ChangeEventArgs change)
    {
        _tail = int.TryParse(change.Value as string, out var tail) ? Math.Clamp(tail, 0, 10_000) : 1000;
        if (_view is not null)
        {
            await RestartAsync();
        }
    }

    private async Task OnFollow()
    {
        _following = !_following;
        if (_view is not null)
        {
            await _view.InvokeVoidAsync("setFollowing", _following);
        }
    }

    private Task OnTimestamps()
    {
        _timestamps = !_timestamps;
        return ApplyAsync();
    }

    private Task OnWrap()
    {
        _wrap = !_wrap;
        return ApplyAsync();
    }

    private async Task OnClear()
    {
        if (_view is not null)
        {
            await _view.InvokeVoidAsync("clear");
        }
    }

    private static string Pressed(bool on) => on ? "true" : "false";
}
