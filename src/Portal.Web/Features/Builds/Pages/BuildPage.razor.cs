using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Components;
using Portal.Web.Features.Builds.History;
using Portal.Web.Features.Builds.Running;
using Portal.Web.Languages;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Builds.Pages;

/// <summary>One build: its steps with their times and logs while it runs, and what came of it.</summary>
public sealed partial class BuildPage : IDisposable
{
    private static readonly TimeSpan s_drawInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_clockInterval = TimeSpan.FromMilliseconds(500);
    private readonly CancellationTokenSource _closed = new();
    private BuildRun? _run;
    private Action? _onChanged;
    private int _stages;
    private int _drawing;
    private string? _owner;
    private string? _nodeName;
    private bool _elsewhere;
    private bool _others;
    private bool _isRead;

    [Parameter]
    public Guid RunId { get; set; }

    [Inject]
    public required BuildRuns Runs { get; init; }

    [Inject]
    public required BuildHistory History { get; init; }

    [Inject]
    public required IFleet Fleet { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string NodeName => Fleet.Current.Nodes.GetValueOrDefault(_run!.NodeId)?.Name
        ?? (string.IsNullOrEmpty(_nodeName) ? T("a node that is gone") : _nodeName);

    private string StepText
    {
        get
        {
            var steps = _run!.Steps;
            if (_run.StepCount == 0)
            {
                return T("not known yet");
            }

            var done = steps.Count(step => step.Took is not null && !step.HasFailed && !step.IsStopped);
            var cached = steps.Count(step => step.IsCached);
            return cached > 0 ? T("{0} of {1}, {2} from the cache", done, _run.StepCount, cached) : T("{0} of {1}", done, _run.StepCount);
        }
    }

    public void Dispose()
    {
        Leave();
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        Leave();
        var user = (await Authentication).User;
        _run = Runs.Find(user, RunId);
        if (_run is null && await History.FindAsync(user, RunId, _closed.Token) is { } record)
        {
            _elsewhere = History.StateOf(record) == "running";
            _others = _elsewhere && BuildRuns.KeyOf(user) != record.OwnerId.ToString();
            _run = _elsewhere ? null : BuildRun.OfThePast(record, History.StateOf(record), Time);
            _owner = record.OwnerName;
            _nodeName = record.NodeName;
        }

        _isRead = true;
        if (_run is { IsPast: false })
        {
            _run.Changed += _onChanged ??= LanguageFlow.Keep(OnChanged);
        }

        Read();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = PageRefresh.RunAsync(s_clockInterval, Time, TickAsync, _closed.Token);
        }
    }

    private static string? ShareOf(BuildContext context) => context.Total is > 0 and var total
        ? Math.Min(1, (double)context.Received / total).ToString("0.####", CultureInfo.InvariantCulture)
        : null;

    private void Read() => _stages = _run?.Steps.Select(step => step.Stage).Distinct().Count() ?? 0;

    private void Leave()
    {
        if (_run is not null)
        {
            _run.Changed -= _onChanged;
        }
    }

    // Programs write much; all that comes within a tenth of a second is drawn at once.
    private void OnChanged()
    {
        if (Interlocked.Exchange(ref _drawing, 1) == 0)
        {
            _ = DrawAsync();
        }
    }

    private async Task DrawAsync()
    {
        await Task.Delay(s_drawInterval, Time);
        Interlocked.Exchange(ref _drawing, 0);
        if (!_closed.IsCancellationRequested)
        {
            await InvokeAsync(() =>
            {
                Read();
                StateHasChanged();
            });
        }
    }

    // A step that runs and says nothing still shows its time, and an upload how far it is.
    private Task TickAsync()
    {
        if (_run is { EndedAt: null })
        {
            StateHasChanged();
        }

        return Task.CompletedTask;
    }
}
