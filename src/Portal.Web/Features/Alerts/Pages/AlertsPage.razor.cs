using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Alerts;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Alerts.Rules;

namespace Portal.Web.Features.Alerts.Pages;

/// <summary>Alerts that fire, their history, and rules, targets and silences.</summary>
public sealed partial class AlertsPage
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(5);
    private static readonly (string Name, string Title)[] s_views =
        [("", "Firing"), ("history", "History"), ("rules", "Rules"), ("targets", "Targets"), ("silences", "Silences")];

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

    private string Current => s_views.Any(view => view.Name == View) ? View! : "";

    private IReadOnlyList<Alert> Shown =>
        [.. _overview!.Alerts.Where(alert => alert.State == AlertStates.Firing == (Current.Length == 0) || Current == "history")];

    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        _mayManage = Access.Allows(PermissionNames.AlertsManage, AccessScope.Everything);
        await ReadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        base.OnAfterRender(firstRender);
        if (firstRender)
        {
            _ = RefreshAsync();
        }
    }

    private async Task RefreshAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(s_refresh, Time);
            while (await timer.WaitForNextTickAsync(Closed))
            {
                await ReadAsync();
                StateHasChanged();
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }

    private async Task ReadAsync()
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
            _error = "The alerts can't be read: the database does not answer. It is tried again.";
        }
    }

    private async Task EditRuleAsync(AlertRule? rule)
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(RuleDialog.Rule)] = rule, [nameof(RuleDialog.Targets)] = _overview?.Targets ?? [], [nameof(RuleDialog.Nodes)] = Nodes,
        };
        await ShowAsync<RuleDialog>(rule is null ? "Add a rule" : $"Change {rule.Name}", parameters);
    }

    private Task EditTargetAsync(AlertTarget? target) => ShowAsync<TargetDialog>(
        target is null ? "Add a target" : $"Change {target.Name}", new() { [nameof(TargetDialog.Target)] = target });

    private Task AddSilenceAsync() => ShowAsync<SilenceDialog>(
        "Silence alerts", new() { [nameof(SilenceDialog.Rules)] = _overview?.Rules ?? [], [nameof(SilenceDialog.Nodes)] = Nodes });

    private async Task ShowAsync<TDialog>(string title, Dictionary<string, object?> parameters)
        where TDialog : ComponentBase
    {
        if (await Dialogs.OpenAsync<TDialog>(title, parameters) is string name)
        {
            Dialogs.Done($"Saved {name}");
            await ReadAsync();
        }
    }

    private async Task TestAsync(AlertTarget target)
    {
        if (await Directory.TestAsync(User, target.Id, CancellationToken.None) is { } error)
        {
            Dialogs.Failed($"The test did not reach {target.Name}", error);
        }
        else
        {
            Dialogs.Done($"{target.Name} took the test");
        }
    }

    private Task RemoveRuleAsync(AlertRule rule) => RemoveAsync(
        $"Remove the rule {rule.Name}?",
        "What it found ends now. Its history stays.",
        () => Directory.RemoveRuleAsync(User, rule, CancellationToken.None));

    private Task RemoveTargetAsync(AlertTarget target) => RemoveAsync(
        $"Remove the target {target.Name}?",
        "Rules no longer tell it, and what still waits to be sent to it is dropped.",
        () => Directory.RemoveTargetAsync(User, target, CancellationToken.None));

    private Task RemoveSilenceAsync(AlertSilence silence) => RemoveAsync(
        "Remove the silence?",
        "What fires now is told at once.",
        () => Directory.RemoveSilenceAsync(User, silence, CancellationToken.None));

    private async Task RemoveAsync(string question, string consequence, Func<Task> remove)
    {
        if (await Dialogs.ConfirmAsync(new Confirmation(question, "Remove", consequence, [])))
        {
            await remove();
            await ReadAsync();
        }
    }

    private bool IsOn(AlertSilence silence) => Silences.IsOn(silence, Time.GetUtcNow());

    private string TargetsOf(AlertRule rule) => rule.TargetIds.Count == 0 ? "nobody" : string.Join(
        ", ", _overview!.Targets.Where(target => rule.TargetIds.Contains(target.Id)).Select(target => target.Name));

    private string LastOf(AlertTarget target) => _overview!.Deliveries.FirstOrDefault(row => row.TargetId == target.Id) switch
    {
        null => "none yet",
        { SentAt: { } sent } => $"sent {Units.Duration(Time.GetUtcNow() - sent)} ago",
        { DueAt: not null, Attempts: 0 } => "on its way",
        { DueAt: not null } waiting => $"tried {waiting.Attempts} times, tried again: {waiting.Error}",
        var lost => $"given up: {lost.Error}",
    };

    private string ScopeOf(AlertSilence silence)
    {
        var rule = silence.RuleId is { } id ? _overview!.Rules.FirstOrDefault(item => item.Id == id)?.Name ?? "a rule" : "all rules";
        var node = silence.NodeId is { } nodeId ? $" on {Nodes.FirstOrDefault(item => item.Id == nodeId)?.Name ?? "a node"}" : "";
        return rule + node + (silence.NamePattern.Length > 0 ? $", {silence.NamePattern}" : "");
    }

    private string LinkOf(Alert alert, Guid node) => alert.Subject.StartsWith("container:", StringComparison.Ordinal)
        ? $"nodes/{node}/containers/{alert.Subject[(alert.Subject.LastIndexOf(':') + 1)..]}{LinesOf(alert)}"
        : $"nodes/{node}";

    // An alert about lines leads to them. The browser's search knows no difference of case, nor the sign for that.
    private string LinesOf(Alert alert)
    {
        var rule = _overview!.Rules.FirstOrDefault(item => item.Id == alert.RuleId);
        var pattern = rule is null ? "" : AlertCondition.Parse(rule.Condition).LinePattern.Replace("(?i)", "", StringComparison.Ordinal);
        return pattern.Length == 0 ? "" : $"/logs?find={Uri.EscapeDataString(pattern)}&regex=1";
    }

    private static StatusTone ToneOf(string severity) => severity switch
    {
        "critical" => StatusTone.Bad,
        "warning" => StatusTone.Warning,
        _ => StatusTone.Busy,
    };
}
