using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Components.Shared;

namespace Portal.Web.Features.Audit;

public sealed partial class AuditPage
{
    private const int PageSize = 200;
    private static readonly AuditOutcome?[] s_outcomes = [AuditOutcome.Succeeded, AuditOutcome.Failed, AuditOutcome.Denied];
    private IReadOnlyList<AuditRecord>? _records;
    private string? _text;
    private AuditOutcome? _outcome;
    private bool _more;
    private bool _mayExport;

    [Inject]
    public required AuditReader Reader { get; init; }

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        var user = (await Authentication).User;
        _mayExport = await Authorizer.IsAllowedAsync(user, PermissionNames.AuditExport, AccessScope.Everything, CancellationToken.None);
        await LoadAsync();
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
        var filter = new AuditFilter { Text = _text, Outcome = _outcome, Before = before };
        return await Reader.ReadPageAsync(filter, PageSize, CancellationToken.None);
    }

    private string ExportUrl(string format)
    {
        var query = QueryString.Empty;
        query = string.IsNullOrWhiteSpace(_text) ? query : query.Add("text", _text);
        query = _outcome is { } outcome ? query.Add("outcome", outcome.ToString()) : query;
        return $"/audit/export.{format}{query}";
    }

    private static StatusTone ToneOf(AuditRecord record) => record.Outcome switch
    {
        "succeeded" => StatusTone.Good,
        "denied" => StatusTone.Warning,
        _ => StatusTone.Bad,
    };
}
