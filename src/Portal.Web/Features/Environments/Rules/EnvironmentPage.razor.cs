using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Web.Access;

namespace Portal.Web.Features.Environments.Rules;

/// <summary>What an environment asks of deployments.</summary>
public sealed partial class EnvironmentPage
{
    private const int UsualHours = 24;
    private static readonly DayOfWeek[] s_days =
    [
        DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday,
        DayOfWeek.Sunday,
    ];

    private static readonly string[] s_zones = [.. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id)];
    private readonly HashSet<Guid> _told = [];
    private readonly List<EditedWindow> _windows = [];
    private readonly List<EditedFreeze> _freezes = [];
    private EnvironmentEntry? _entry;
    private IReadOnlyList<KeyValuePair<Guid, string>> _targets = [];
    private DeploymentRules _saved = DeploymentRules.None;
    private string _zone = DeploymentRules.None.TimeZone;
    private bool _approves;
    private int _hours = UsualHours;
    private bool _isRead;
    private bool _busy;
    private string _note = "";
    private string? _error;

    [Parameter]
    public Guid EnvironmentId { get; set; }

    [Inject]
    internal EnvironmentRules Rules { get; init; } = null!;

    private bool MayManage => Access.Allows(PermissionNames.EnvironmentsManage, AccessScope.Everything);

    // Of what is saved: what is being typed may be half of it.
    private string NextText
    {
        get
        {
            var now = Time.GetUtcNow();
            var opens = DeployCalendar.NextOpen(_saved, now);
            return opens is null ? T("As saved, no deployment begins within two years.")
                : opens <= now ? T("As saved, deployments may begin now.")
                : T("As saved, deployments begin again at {0}.", DeploymentTimes.In(_saved.TimeZone, opens.Value));
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_entry?.Id != EnvironmentId)
        {
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        var found = await Rules.FindAsync(User, EnvironmentId, Closed);
        (_entry, _isRead) = (found?.Environment, true);
        if (found is null)
        {
            return;
        }

        _saved = found.Value.Rules;
        _targets = await Rules.TargetsAsync(User, Closed);
        (_approves, _hours, _zone) = (_saved.NeedsApproval, _saved.NeedsApproval ? _saved.ApprovalHours : UsualHours, _saved.TimeZone);
        _told.Clear();
        _told.UnionWith(_saved.ApprovalTargets);
        _windows.Clear();
        _windows.AddRange(_saved.Windows.Select(
            window => new EditedWindow { Days = [.. window.Days], From = window.From, To = window.To }));
        _freezes.Clear();
        _freezes.AddRange(_saved.Freezes.Select(freeze => new EditedFreeze { From = freeze.From, To = freeze.To, Note = freeze.Note }));
    }

    private void SetApproval(ChangeEventArgs change) => _approves = change.Value is true;

    private void Tell(Guid target, bool isTold) => Set(_told, target, isTold);

    private static void Set<T>(HashSet<T> chosen, T one, bool isChosen) => _ = isChosen ? chosen.Add(one) : chosen.Remove(one);

    private void AddFreeze()
    {
        var today = Time.GetUtcNow().UtcDateTime.Date;
        _freezes.Add(new EditedFreeze { From = today.AddDays(1), To = today.AddDays(2) });
    }

    private async Task SaveAsync()
    {
        (_busy, _error, _note) = (true, null, "");
        var rules = new DeploymentRules
        {
            ApprovalHours = _approves ? _hours : 0,
            ApprovalTargets = _approves ? [.. _told] : [],
            TimeZone = _zone.Trim(),
            Windows = [.. _windows.Select(window => new DeployWindow([.. window.Days.Order()], window.From, window.To))],
            Freezes = [.. _freezes.Select(freeze => new DeployFreeze(freeze.From, freeze.To, freeze.Note.Trim()))],
        };
        var change = await Rules.SaveAsync(User, EnvironmentId, rules, CancellationToken.None);
        (_error, _busy) = (change.Error, false);
        if (_error is null)
        {
            await LoadAsync();
            _note = T("Saved.");
        }
    }

    private sealed class EditedWindow
    {
        public HashSet<DayOfWeek> Days { get; init; } = [.. s_days.Take(5)];

        public TimeOnly From { get; set; } = new(9, 0);

        public TimeOnly To { get; set; } = new(16, 0);
    }

    private sealed class EditedFreeze
    {
        public DateTime From { get; set; }

        public DateTime To { get; set; }

        public string Note { get; set; } = "";
    }
}
