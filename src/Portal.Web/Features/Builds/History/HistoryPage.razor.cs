using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Data.Entities;
using Portal.Web.Components.Shared;

namespace Portal.Web.Features.Builds.History;

/// <summary>Builds of the past: the user's own, and those of others on nodes where they may see all builds.</summary>
public sealed partial class HistoryPage
{
    private const int PageSize = 200;
    private static readonly Outcome[] s_outcomes =
        [new(N("running")), new(N("succeeded")), new(N("failed")), new(N("cancelled")), new(BuildHistory.Interrupted)];
    private IReadOnlyList<BuildRecord>? _records;
    private string? _text;
    private string? _state;
    private bool _more;

    private bool IsFiltered => !string.IsNullOrWhiteSpace(_text) || !string.IsNullOrEmpty(_state);

    [Inject]
    public required BuildHistory History { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override Task OnInitializedAsync() => LoadAsync();

    private static string StepsOf(BuildRecord record) => record switch
    {
        { Steps: 0 } => "",
        { CachedSteps: > 0 } => T("{0}, {1} cached", record.Steps, record.CachedSteps),
        _ => $"{record.Steps}",
    };

    private sealed record Outcome(string Name)
    {
        public string Title => T(Name);
    }

    private static StatusTone ToneOf(string state) => state switch
    {
        "running" => StatusTone.Busy,
        "succeeded" => StatusTone.Good,
        "cancelled" => StatusTone.Neutral,
        _ => StatusTone.Bad,
    };

    private async Task LoadAsync()
    {
        _records = await ReadAsync(null);
        _more = _records.Count == PageSize;
    }

    private async Task LoadOlderAsync()
    {
        var older = await ReadAsync(_records![^1].StartedAt);
        _records = [.. _records, .. older];
        _more = older.Count == PageSize;
    }

    private async Task<IReadOnlyList<BuildRecord>> ReadAsync(DateTimeOffset? before)
    {
        var filter = new BuildFilter { Text = _text, State = _state, Before = before };
        return await History.ListAsync((await Authentication).User, filter, PageSize, CancellationToken.None);
    }
}
