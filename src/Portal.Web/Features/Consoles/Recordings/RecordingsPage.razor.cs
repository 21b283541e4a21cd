using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Consoles;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Consoles.Rules;

namespace Portal.Web.Features.Consoles.Recordings;

/// <summary>What consoles showed, to be replayed, and the rules for it.</summary>
public sealed partial class RecordingsPage
{
    private const int PageSize = 200;
    private IReadOnlyList<RecordedConsole>? _consoles;
    private ConsolePolicy _policy = ConsolePolicy.Default;
    private bool _mayManage;
    private bool _more;

    [Inject]
    public required RecordedConsoles Recordings { get; init; }

    [Inject]
    internal ConsolePolicies Policies { get; init; } = null!;

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string Subtitle => _policy.Recording switch
    {
        ConsoleRecordingRule.Everything => T("All consoles are recorded. {0}", Kept),
        ConsoleRecordingRule.NodeShells => T("Shells on nodes are recorded. {0}", Kept),
        _ => T("No console is recorded as the rules stand."),
    };

    private string Kept => _policy.KeepDays == 0 ? T("Recordings are kept for ever.")
        : Plural(_policy.KeepDays, "Recordings are kept for {0} day.", "Recordings are kept for {0} days.");

    protected override async Task OnInitializedAsync()
    {
        var user = (await Authentication).User;
        _mayManage = await Authorizer.IsAllowedAsync(user, PermissionNames.ConsolesManage, AccessScope.Everything, CancellationToken.None);
        _policy = await Policies.ReadAsync(CancellationToken.None);
        await LoadAsync();
    }

    private async Task SetRulesAsync()
    {
        var parameters = new Dictionary<string, object?> { [nameof(ConsoleRulesDialog.Policy)] = _policy };
        if (await Dialogs.OpenAsync<ConsoleRulesDialog>(T("Rules for consoles"), parameters) is ConsolePolicy policy)
        {
            var actor = await Authorizer.EnsureAsync(
                (await Authentication).User, PermissionNames.ConsolesManage, AccessScope.Everything, CancellationToken.None);
            await Policies.WriteAsync(actor, policy, CancellationToken.None);
            _policy = policy;
            Dialogs.Done(T("Saved. Consoles that are opened from now on follow the rules."));
        }
    }

    private async Task LoadAsync()
    {
        _consoles = await ReadAsync(null);
        _more = _consoles.Count == PageSize;
    }

    private async Task LoadOlderAsync()
    {
        var older = await ReadAsync(_consoles![^1].StartedAt);
        _consoles = [.. _consoles, .. older];
        _more = older.Count == PageSize;
    }

    private async Task<IReadOnlyList<RecordedConsole>> ReadAsync(DateTimeOffset? before) =>
        await Recordings.ListAsync((await Authentication).User, before, PageSize, CancellationToken.None);
}
