using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using Portal.Web.Access;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Containers;

namespace Portal.Web.Features.Stats.Charts;

/// <summary>Charts of what a container, a node or several nodes used, over a range that the user chooses and the address keeps.</summary>
public sealed partial class HistoryPanel : IAsyncDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly BrowserScript _browser = new();
    private CancellationTokenSource _changed = new();
    private IJSObjectReference? _charts;
    private ElementReference _host;
    private IReadOnlyList<HistoryPoint>? _points;
    private string? _error;
    private (StatsRange Range, string? Container)? _key;
    private IReadOnlyList<Guid> _nodes = [];
    private int _read;

    /// <summary>The container; null for nodes.</summary>
    [Parameter]
    public ContainerKey? Container { get; set; }

    /// <summary>The nodes, added up; not looked at when there is a container.</summary>
    [Parameter]
    public IReadOnlyList<Guid> Nodes { get; set; } = [];

    /// <summary>What stands for the live range where something shows more than the history has.</summary>
    [Parameter]
    public RenderFragment? Live { get; set; }

    [SupplyParameterFromQuery(Name = "range")]
    public string? Range { get; set; }

    [Inject]
    public required StatsHistory History { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private Chart[] Descriptions => Container is null ? HistoryCharts.OfNodes : HistoryCharts.OfContainer;

    private StatsRange Shown => StatsRange.Find(Range);

    private bool ShowsLive => Live is not null && Shown == StatsRange.Live;

    private HistoryPoint? Latest => _points?.LastOrDefault();

    private string Note => _points switch
    {
        null => T("Reading …"),
        [] => T("Nothing was measured in this time."),
        _ => T("Each point is of {0}; gaps are times without a measurement.", Units.Duration(Shown.Step)),
    };

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        _closed.Dispose();
        _changed.Dispose();
        await _browser.DisposeAsync();
    }

    // Pages draw again with every change of the fleet: only what is shown decides whether to read anew.
    protected override void OnParametersSet()
    {
        var key = (Shown, Container?.Id);
        if (key != _key || (Container is null && !Nodes.SequenceEqual(_nodes)))
        {
            (_key, _nodes) = (key, Nodes);
            _read++;
            _points = null;
            _changed.Cancel();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _charts = await _browser.CreateAsync(Script, "./js/charts.js", () => [_host, Descriptions.Select(chart => chart.InTheirLanguage()).ToArray()]);
        if (_charts is not null)
        {
            _ = RefreshAsync();
        }
    }

    private async Task RefreshAsync()
    {
        var closed = _closed.Token;
        try
        {
            while (true)
            {
                _changed.Dispose();
                _changed = CancellationTokenSource.CreateLinkedTokenSource(closed);
                var changed = _changed.Token;
                if (!ShowsLive)
                {
                    await ReadAsync(closed);
                }

                await Task.Delay(Shown.Refresh, Time, changed).ContinueWith(
                    static _ => { },
                    CancellationToken.None,
                    TaskContinuationOptions.None,
                    TaskScheduler.FromCurrentSynchronizationContext());
                closed.ThrowIfCancellationRequested();
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or JSDisconnectedException or ObjectDisposedException)
        {
            // Nobody looks any more.
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var (read, range) = (_read, Shown);
        try
        {
            var user = (await Authentication).User;
            var points = Container is { } container
                ? await History.OfContainerAsync(user, container, container.Name, range, cancellationToken)
                : await History.OfNodesAsync(user, Nodes, range, cancellationToken);
            if (read != _read)
            {
                return;
            }

            _points = points;
            _error = null;
            var to = HistoryCharts.Seconds(Time.GetUtcNow());
            Func<HistoryPoint, object[]> row = Container is null ? HistoryCharts.RowOfNodes : HistoryCharts.RowOfContainer;
            await _charts!.InvokeVoidAsync(
                "show", cancellationToken, points.Select(row).ToArray(), to - range.Length.TotalSeconds, to, range.Step.TotalSeconds);
        }
        catch (AccessDeniedException denied)
        {
            _error = denied.Message;
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            _error = T("The history can't be read: the database does not answer. It is tried again.");
        }

        StateHasChanged();
    }

    private void Choose(StatsRange range) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameter("range", range == StatsRange.Live ? null : range.Name), replace: true);

    private string Now(string chart) => Latest is not { } point
        ? "–"
        : (chart, Container is null) switch
        {
            ("cpu", true) => point.Cpu / point.CpuLimit is { } share ? T("{0} of {1:0}", Units.Percent(share), point.CpuLimit) : "–",
            ("cpu", false) => point.Cpu is { } cpu ? Units.Percent(cpu) : "–",
            ("memory", _) => T("{0} of {1}", Bytes(point.Memory), Bytes(point.MemoryLimit)),
            ("disk", _) => T("{0} of {1}", Bytes(point.Disk), Bytes(point.DiskLimit)),
            ("load", _) => point.Load1?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–",
            ("network", _) => $"↓ {Bytes(point.ReceiveRate)}/s  ↑ {Bytes(point.TransmitRate)}/s",
            _ => T("read {0}/s  write {1}/s", Bytes(point.ReadRate), Bytes(point.WriteRate)),
        };

    // What a screen reader tells of the drawing.
    private string Summary(Chart chart) => T("{0} over {1}, last {2}", T(chart.Title), T(Shown.Title), Now(chart.Name));

    private static string Bytes(double? value) => value is { } bytes ? Units.Bytes(bytes) : "–";
}
