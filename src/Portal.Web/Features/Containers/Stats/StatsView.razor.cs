using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using Portal.Web.Access;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Stats.Charts;

namespace Portal.Web.Features.Containers.Stats;

/// <summary>A container's counters as live charts: processor, memory, network, block devices.</summary>
public sealed partial class StatsView : IAsyncDisposable
{
    private static readonly Chart[] s_charts =
    [
        new("cpu", N("Processor"), "percent", 5, [N("of one processor")]),
        new("memory", N("Memory"), "bytes", 1024 * 1024, [N("in use")]),
        new("network", N("Network"), "rate", 1024, [N("received"), N("sent")]),
        new("block", N("Block devices"), "rate", 1024, [N("read"), N("written")]),
    ];

    private readonly CancellationTokenSource _watching = new();
    private readonly StatsRates _rates = new();
    private readonly BrowserScript _browser = new();
    private IJSObjectReference? _view;
    private ElementReference _host;
    private StatsPoint? _latest;
    private string? _error;

    [Parameter]
    [EditorRequired]
    public required ContainerKey Container { get; set; }

    /// <summary>False when there is nothing to measure.</summary>
    [Parameter]
    public bool Running { get; set; }

    [Inject]
    public required ContainerWatch Watch { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _watching.CancelAsync();
        _watching.Dispose();
        await _browser.DisposeAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _view = await _browser.CreateAsync(Script, "./js/charts.js", () => [_host, s_charts.Select(chart => chart.InTheirLanguage()).ToArray()]);
        if (_view is not null)
        {
            _ = WatchAsync(_watching.Token);
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            var user = (await Authentication).User;
            await foreach (var sample in Watch.StatsAsync(user, Container, cancellationToken))
            {
                if (_rates.Next(sample) is { } point)
                {
                    await _view!.InvokeVoidAsync("append", cancellationToken, (object)new[] { point.ToRow() });
                    await InvokeAsync(() =>
                    {
                        _latest = point;
                        StateHasChanged();
                    });
                }
            }
        }
        catch (AccessDeniedException denied)
        {
            await InvokeAsync(() =>
            {
                _error = denied.Message;
                StateHasChanged();
            });
        }
        catch (Exception failure) when (failure is OperationCanceledException or JSDisconnectedException or ObjectDisposedException)
        {
            // Nobody looks any more.
        }
    }

    private string Now(string chart) => _latest is null || !Running
        ? "–"
        : chart switch
        {
            "cpu" => $"{_latest.CpuPercent:0.0} %",
            "memory" => T("{0} of {1}", Units.Bytes(_latest.MemoryBytes), Units.Bytes(_latest.MemoryLimitBytes)),
            "network" => $"↓ {Units.Bytes(_latest.ReceiveRate)}/s  ↑ {Units.Bytes(_latest.TransmitRate)}/s",
            _ => T("read {0}/s  write {1}/s", Units.Bytes(_latest.ReadRate), Units.Bytes(_latest.WriteRate)),
        };
}
