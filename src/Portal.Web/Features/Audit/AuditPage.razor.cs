using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Audit.Chain;
using Portal.Web.Components.Dialogs;
using Portal.Web.Components.Shared;
using Portal.Web.Languages;

namespace Portal.Web.Features.Audit;

public sealed partial class AuditPage
{
    private const int PageSize = 200;
    private const string DayFormat = "yyyy-MM-dd";
    private static readonly AuditOutcome?[] s_outcomes = [AuditOutcome.Succeeded, AuditOutcome.Failed, AuditOutcome.Denied];
    private IReadOnlyList<AuditRecord>? _records;
    private string? _text;
    private AuditOutcome? _outcome;
    private DateOnly? _from;
    private DateOnly? _to;
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;
    private bool _more;
    private bool _mayExport;
    private AuditCheckResult? _check;
    private bool _checking;
    private bool _mayKeep;
    private int _days;

    [Inject]
    public required AuditReader Reader { get; init; }

    [Inject]
    internal AuditChain Chain { get; init; } = null!;

    [Inject]
    internal AuditRetention Retention { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>What is looked for.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Words { get; set; }

    [SupplyParameterFromQuery(Name = "outcome")]
    public string? Outcome { get; set; }

    /// <summary>The first day, as <c>2026-01-31</c>.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public string? First { get; set; }

    /// <summary>The last day.</summary>
    [SupplyParameterFromQuery(Name = "to")]
    public string? Last { get; set; }

    private AuditFilter Filter => new() { Text = _text, Outcome = _outcome, From = StartOf(_from), To = StartOf(_to?.AddDays(1)) };

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        var user = (await Authentication).User;
        _zone = TimeZoneChoice.Of(user) is { } zone ? TimeZoneInfo.FindSystemTimeZoneById(zone) : TimeZoneInfo.Utc;
        (_text, _from, _to) = (Words, DayOf(First), DayOf(Last));
        _outcome = s_outcomes.FirstOrDefault(outcome => outcome.ToString() == Outcome);
        _mayExport = await Authorizer.IsAllowedAsync(user, PermissionNames.AuditExport, AccessScope.Everything, CancellationToken.None);
        _mayKeep = await Authorizer.IsAllowedAsync(user, PermissionNames.UsersManage, AccessScope.Everything, CancellationToken.None);
        _days = await Retention.ReadAsync(CancellationToken.None);
        await LoadAsync();
    }

    private async Task CheckAsync()
    {
        await Authorizer.EnsureAsync(
            (await Authentication).User, PermissionNames.AuditView, AccessScope.Everything, CancellationToken.None);
        _checking = true;
        _check = await Chain.CheckAsync(CancellationToken.None);
        _checking = false;
    }

    private async Task ChooseRetentionAsync()
    {
        var parameters = new Dictionary<string, object?> { [nameof(RetentionDialog.Days)] = _days };
        if (await Dialogs.OpenAsync<RetentionDialog>(T("How long entries are kept"), parameters) is int days)
        {
            var actor = await Authorizer.EnsureAsync(
                (await Authentication).User, PermissionNames.UsersManage, AccessScope.Everything, CancellationToken.None);
            await Retention.WriteAsync(actor, days, CancellationToken.None);
            _days = days;
            await LoadAsync();
        }
    }

    // Who shares the address shares what was chosen.
    private Task ChooseAsync()
    {
        var address = new Dictionary<string, object?>
        {
            ["q"] = string.IsNullOrWhiteSpace(_text) ? null : _text, ["outcome"] = _outcome?.ToString(),
            ["from"] = _from?.ToString(DayFormat, CultureInfo.InvariantCulture), ["to"] = _to?.ToString(DayFormat, CultureInfo.InvariantCulture),
        };
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(address), replace: true);
        return LoadAsync();
    }

    private static DateOnly? DayOf(string? text) =>
        DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private DateTimeOffset? StartOf(DateOnly? day)
    {
        if (day is not { } date)
        {
            return null;
        }

        var start = date.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(start, _zone.GetUtcOffset(start));
    }

    private async Task LoadAsync()
    {
        _records = await ReadAsync(null);
        _more = _records.Count == PageSize;
    }

    private async Task LoadOlderAsync()
    {
        var older = await ReadAsync(_records![^1].Id);
        _records = [.. _records, .. older];
        _more = older.Count == PageSize;
    }

    private async Task<IReadOnlyList<AuditRecord>> ReadAsync(long? before)
    {
        var user = (await Authentication).User;
        await Authorizer.EnsureAsync(user, PermissionNames.AuditView, AccessScope.Everything, CancellationToken.None);
        return await Reader.ReadPageAsync(Filter with { Before = before }, PageSize, CancellationToken.None);
    }

    private string ExportUrl(string format)
    {
        var query = QueryString.Empty;
        query = string.IsNullOrWhiteSpace(_text) ? query : query.Add("text", _text);
        query = _outcome is { } outcome ? query.Add("outcome", outcome.ToString()) : query;
        query = Filter.From is { } from ? query.Add("from", from.ToString("O", CultureInfo.InvariantCulture)) : query;
        query = Filter.To is { } to ? query.Add("to", to.ToString("O", CultureInfo.InvariantCulture)) : query;
        return $"audit/export.{format}{query}";
    }

    private static string TextOf(string outcome) => outcome switch
    {
        "succeeded" => T("succeeded"),
        "denied" => T("denied"),
        "failed" => T("failed"),
        _ => outcome,
    };

    private static StatusTone ToneOf(AuditRecord record) => record.Outcome switch
    {
        "succeeded" => StatusTone.Good,
        "denied" => StatusTone.Warning,
        _ => StatusTone.Bad,
    };
}
