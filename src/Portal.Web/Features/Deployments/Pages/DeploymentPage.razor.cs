using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Deployments;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Deployments.Holding;
using Portal.Web.Features.Deployments.Running;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Deployments.Pages;

/// <summary>A deployment while it runs, and afterwards.</summary>
public sealed partial class DeploymentPage
{
    private const int LinesAtOnce = 500;
    private const int MostLines = 5000;
    private readonly List<DeploymentLine> _lines = [];
    private readonly Dictionary<long, string> _told = [];
    private Deployment? _row;
    private IReadOnlyList<DeploymentStep> _steps = [];
    private bool _isRead;
    private bool _busy;
    private Guid _shown;

    [Parameter]
    public Guid DeploymentId { get; set; }

    [Inject]
    internal DeploymentQueries Queries { get; init; } = null!;

    [Inject]
    internal DeploymentCommands Commands { get; init; } = null!;

    [Inject]
    internal PausedDeployments Paused { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string ViewPermission => PermissionNames.StacksView;

    private bool MayDeploy => _row is not null && Access.Allows(PermissionNames.StacksDeploy, _row.Scope());

    private bool IsPaused => _row!.State == nameof(DeploymentState.Paused);

    private static string PausedText => T(
        "It stopped where it was, as failure_action of the file says: what is replaced by now stays, the rest is as it was before. "
        + "It goes on, or back, when somebody says so; a newer deployment takes its place.");

    private string NoticeIcon => IsPaused ? "pause_circle" : _row!.State == nameof(DeploymentState.Failed) ? "error" : "info";

    private string AgainText => _row!.State == nameof(DeploymentState.Succeeded) ? T("Do it again") : T("Try again");

    private string NoticeClass => _row!.State switch
    {
        nameof(DeploymentState.Failed) => "p-notice-error",
        nameof(DeploymentState.Refused) or nameof(DeploymentState.Expired) => "p-notice-warning",
        nameof(DeploymentState.RolledBack) or nameof(DeploymentState.Running) or nameof(DeploymentState.Paused) => "p-notice-warning",
        _ => "p-notice-info",
    };

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != DeploymentId)
        {
            (_shown, _row, _steps, _isRead) = (DeploymentId, null, [], false);
            _lines.Clear();
            _told.Clear();
            await ReadAsync();
        }
    }

    protected override async Task<bool> ReadAsync()
    {
        if (_row?.FinishedAt is not null)
        {
            return false;
        }

        var found = await Queries.FindAsync(User, DeploymentId, Closed);
        (_row, _steps, _isRead) = (found?.Deployment, found?.Steps ?? [], true);
        while (_row is not null && _lines.Count < MostLines)
        {
            var more = await Queries.ReadLogAsync(User, _row, _lines.Count > 0 ? _lines[^1].Id : 0, LinesAtOnce, Closed);

            // A press of a button may have read meanwhile.
            var last = _lines.Count > 0 ? _lines[^1].Id : 0;
            foreach (var line in more.Where(line => line.Id > last))
            {
                _lines.Add(line);
                _told[line.Id] = DeploymentText.ToldOf(line);
            }

            if (more.Count < LinesAtOnce)
            {
                break;
            }
        }

        return true;
    }

    private static List<StepPart> PartsOf(DeploymentStep step) => JsonSerializer.Deserialize<List<StepPart>>(step.Progress) ?? [];

    // What is done in a phase of its own, as unpacking, says by itself how far it is.
    private static string ValueOf(StepPart part) =>
        (part.Phase is "done" or "there already" ? part.Total ?? 1 : part.Current).ToString(CultureInfo.InvariantCulture);

    private string TimeOf(DeploymentStep step) =>
        step.StartedAt is { } started ? DeploymentText.Duration((step.FinishedAt ?? Time.GetUtcNow()) - started) : "";

    private async Task ReadAgainAsync()
    {
        await ReadAsync();
        StateHasChanged();
    }

    private async Task CancelAsync()
    {
        var text = _row!.StartedAt is null ? T("It has not begun yet.") : T("What it has changed goes back to what ran before.");
        var confirmation = new Confirmation(T("Cancel this deployment?"), T("Cancel the deployment"), text, []);
        if (await Dialogs.ConfirmAsync(confirmation))
        {
            await TryAsync(async () =>
            {
                await Commands.CancelAsync(User, DeploymentId, CancellationToken.None);
                await ReadAsync();
            });
        }
    }

    private Task GoOnAsync() => MoveAsync(() => Paused.GoOnAsync(User, DeploymentId, CancellationToken.None));

    private async Task GoBackAsync()
    {
        var text = _row!.BackTo is { } number ? T("What it has changed goes back to revision {0}.", number)
            : T("There is no revision to go back to: what was begun is removed again, volumes are left.");
        if (await Dialogs.ConfirmAsync(new Confirmation(T("Roll this deployment back?"), T("Roll back"), text, [])))
        {
            await MoveAsync(() => Paused.GoBackAsync(User, DeploymentId, CancellationToken.None));
        }
    }

    private async Task MoveAsync(Func<Task> work)
    {
        _busy = true;
        await TryAsync(work);
        await ReadAsync();
        _busy = false;
    }

    private Task AgainAsync() => TryAsync(async () =>
    {
        var request = new DeploymentRequest(
            _row!.StackId, Enum.Parse<DeploymentOperation>(_row.Operation), _row.Revision, DeploymentText.TriedAgain)
        {
            PullPolicy = Enum.Parse<PullPolicy>(_row.PullPolicy),
            Force = _row.Force,
            RemoveVolumes = _row.RemoveVolumes,
        };
        Navigation.NavigateTo($"deployments/{await Commands.OrderAsync(User, request, CancellationToken.None)}");
    });

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (failure is StackException or AccessDeniedException)
        {
            Dialogs.Failed(T("This can't be done"), failure.Message);
        }
    }
}
