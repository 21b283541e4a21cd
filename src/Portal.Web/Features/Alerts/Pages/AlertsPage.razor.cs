using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Alerts;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Alerts.Rules;
using Portal.Web.Features.Alerts.Sending;

namespace Portal.Web.Features.Alerts.Pages;

/// <summary>Alerts that fire, their history, and rules, targets and silences.</summary>
public sealed partial class AlertsPage
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(5);
    private static readonly (string Name, string Title)[] s_views =
        [("", N("Firing")), ("history", N("History")), ("rules", N("Rules")), ("targets", N("Targets")), ("silences", N("Silences"))];

    private AlertOverview? _overview;
    private bool _mayManage;
    private string? _error;

    [SupplyParameterFromQuery(Name = "view")]
    public string? View { get; set; }

    [Inject]
    public required AlertDirectory Directory { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    protected override string ViewPermission => PermissionNames.AlertsView;

    protected override TimeSpan Interval => s_refresh;

    private string Current => s_views.Any(view => view.Name == View) ? View! : "";

    private IReadOnlyList<Alert> Shown =>
        [.. _overview!.Alerts.Where(alert => alert.State == AlertStates.Firing == (Current.Length == 0) || Current == "history")];

    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        _mayManage = Access.Allows(PermissionNames.AlertsManage, AccessScope.Everything);
    }

    protected override async Task<bool> ReadAsync()
    {
        try
        {
            _overview = await Directory.ReadAsync(User, CancellationToken.None);
            _error = null;
        }
        catch (AccessDeniedException denied)
        {
            (_overview, _error) = (null, denied.Message);
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            _error = T("The alerts can't be read: the database does not answer. It is tried again.");
        }

        return true;
    }

    private async Task EditRuleAsync(AlertRule? rule)
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(RuleDialog.Rule)] = rule, [nameof(RuleDialog.Targets)] = _overview?.Targets ?? [], [nameof(RuleDialog.Nodes)] = Nodes,
        };
        await ShowAsync<RuleDialog>(rule is null ? T("Add a rule") : T("Change {0}", rule.Name), parameters);
    }

    private Task EditTargetAsync(AlertTarget? target) => ShowAsync<TargetDialog>(
        target is null ? T("Add a target") : T("Change {0}", target.Name), new() { [nameof(TargetDialog.Target)] = target });

    private Task AddSilenceAsync() => ShowAsync<SilenceDialog>(
        T("Silence alerts"), new() { [nameof(SilenceDialog.Rules)] = _overview?.Rules ?? [], [nameof(SilenceDialog.Nodes)] = Nodes });

    private async Task ShowAsync<TDialog>(string title, Dictionary<string, object?> parameters)
        where TDialog : ComponentBase
    {
        if (await Dialogs.OpenAsync<TDialog>(title, parameters) is string name)
        {
            Dialogs.Done(T("Saved {0}", name));
            await ReadAsync();
        }
    }

    private async Task TestAsync(AlertTarget target)
    {
        if (await Directory.TestAsync(User, target.Id, CancellationToken.None) is { } error)
        {
            Dialogs.Failed(T("The test did not reach {0}", target.Name), error);
        }
        else
        {
            Dialogs.Done(T("{0} took the test", target.Name));
        }
    }

    private Task RemoveRuleAsync(AlertRule rule) => RemoveAsync(
        T("Remove the rule {0}?", rule.Name),
        T("What it found ends now. Its history stays."),
        () => Directory.RemoveRuleAsync(User, rule, CancellationToken.None));

    private Task RemoveTargetAsync(AlertTarget target) => RemoveAsync(
        T("Remove the target {0}?", target.Name),
        T("Rules no longer tell it, and what still waits to be sent to it is dropped."),
        () => Directory.RemoveTargetAsync(User, target, CancellationToken.None));

    private Task RemoveSilenceAsync(AlertSilence silence) => RemoveAsync(
        T("Remove the silence?"),
        T("What fires now is told at once."),
        () => Directory.RemoveSilenceAsync(User, silence, CancellationToken.None));

    private async Task RemoveAsync(string question, string consequence, Func<Task> remove)
    {
        if (await Dialogs.ConfirmAsync(new Confirmation(question, T("Remove"), consequence, [])))
        {
            await remove();
            await ReadAsync();
        }
    }

    private bool IsOn(AlertSilence silence) => Silences.IsOn(silence, Time.GetUtcNow());

    private string TargetsOf(AlertRule rule) => rule.TargetIds.Count == 0 ? T("nobody") : string.Join(
        ", ", _overview!.Targets.Where(target => rule.TargetIds.Contains(target.Id)).Select(target => target.Name));

    // All but the portal's own are named by people.
    private static string NameOf(Alert alert) => alert.NodeId is null && alert.Subject == "portal:certificate" ? T(alert.SubjectName) : alert.SubjectName;

    private string LastOf(AlertTarget target) => _overview!.Deliveries.FirstOrDefault(row => row.TargetId == target.Id) switch
    {
        null => T("none yet"),
        { SentAt: { } sent } => T("sent {0} ago", Units.Duration(Time.GetUtcNow() - sent)),
        { DueAt: not null, Attempts: 0 } => T("on its way"),
        { DueAt: not null } waiting => Plural(
                waiting.Attempts, "tried {0} time, tried again: {1}", "tried {0} times, tried again: {1}", Told(waiting.Error)),
        var lost => T("given up: {0}", Told(lost.Error)),
    };

    private string ScopeOf(AlertSilence silence)
    {
        var rule = silence.RuleId is { } id ? _overview!.Rules.FirstOrDefault(item => item.Id == id)?.Name ?? T("a rule") : T("all rules");
        var place = silence.NodeId is { } nodeId
            ? T("{0} on {1}", rule, Nodes.FirstOrDefault(item => item.Id == nodeId)?.Name ?? T("a node"))
            : rule;
        return silence.NamePattern.Length > 0 ? T("{0}, {1}", place, silence.NamePattern) : place;
    }

    private static string WhenOf(AlertSilence silence)
    {
        var (begin, length) = (silence.BeginsAt.UtcDateTime, Units.Duration(silence.EndsAt - silence.BeginsAt));
        return silence.Weekly
            ? T("every week from {0:yyyy-MM-dd HH:mm} for {1} (UTC)", begin, length)
            : T("{0:yyyy-MM-dd HH:mm} for {1} (UTC)", begin, length);
    }

    private string LinkOf(Alert alert) => AlertLinks.Of(alert, _overview!.Rules.FirstOrDefault(rule => rule.Id == alert.RuleId));

    private static StatusTone ToneOf(string severity) => severity switch
    {
        "critical" => StatusTone.Bad,
        "warning" => StatusTone.Warning,
        _ => StatusTone.Busy,
    };
}
