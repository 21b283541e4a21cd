using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Portal.Contracts.Hubs;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.FleetLists.Bulk;

namespace Portal.Web.Features.Containers.Listing;

/// <summary>
/// What can be done with the containers that are selected. An action is for those of them whose state it suits and on whose nodes the person
/// may do it, and says how many these are.
/// </summary>
public sealed partial class ContainerSelectionBar
{
    [Parameter]
    [EditorRequired]
    public IReadOnlyList<ContainerRow> Rows { get; set; } = [];

    [Parameter]
    [EditorRequired]
    public EffectiveAccess Access { get; set; } = EffectiveAccess.None;

    /// <summary>Nothing shall be selected any more.</summary>
    [Parameter]
    public EventCallback Clear { get; set; }

    [Inject]
    public required ContainerCommands Commands { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    private IEnumerable<BulkContainerAction> Actions =>
    [
        new("play_arrow", T("Start"), T("Start the selected containers"), T("These are started:"), PermissionNames.ContainersStart,
            ContainerStatus.CanStart, On(Commands.StartAsync)),
        new("resume", T("Unpause"), T("Unpause the selected containers"), T("These go on where they were paused:"), PermissionNames.ContainersPause,
            ContainerStatus.CanUnpause, On(Commands.UnpauseAsync)),
        new("stop", T("Stop"), T("Stop the selected containers"), T("These are asked to end, and killed when they don't:"),
            PermissionNames.ContainersStop, ContainerStatus.CanStop, On(Commands.StopAsync)),
        new("restart_alt", T("Restart"), T("Restart the selected containers"), T("These are stopped and started again:"),
            PermissionNames.ContainersRestart, ContainerStatus.CanStop, On(Commands.RestartAsync)),
        new("pause", T("Pause"), T("Pause the selected containers"), T("These stand still until they are unpaused:"), PermissionNames.ContainersPause,
            ContainerStatus.CanPause, On(Commands.PauseAsync)),
        new("bolt", T("Kill"), T("Kill the selected containers"),
            T("Their processes end at once, without a chance to save what they have in memory:"), PermissionNames.ContainersKill,
            ContainerStatus.CanStop, (user, row) => Commands.KillAsync(user, row.Key, "", CancellationToken.None)) { Danger = true },
        new("delete", T("Remove"), T("Remove the selected containers"),
            T("Those that run are killed first. What they wrote into their own file systems and their logs are lost; their images stay:"),
            PermissionNames.ContainersRemove, _ => true, RemoveAsync) { Danger = true },
    ];

    private static Func<ClaimsPrincipal, ContainerRow, Task> On(Func<ClaimsPrincipal, ContainerKey, CancellationToken, Task> run) =>
        (user, row) => run(user, row.Key, CancellationToken.None);

    private bool May(ContainerRow row, string permission) => Access.Allows(permission, AccessScope.Node(row.NodeId));

    // As it was when the person agreed: one that was started since is not killed.
    private Task RemoveAsync(ClaimsPrincipal user, ContainerRow row) =>
        Commands.RemoveAsync(user, row.Key, force: ContainerStatus.CanStop(row.Container), CancellationToken.None);

    private Task AskAsync(BulkContainerAction action, IReadOnlyList<ContainerRow> rows) => Dialogs.OpenAsync<BulkDialog>(action.Label, new()
    {
        [nameof(BulkDialog.Question)] = action.Question,
        [nameof(BulkDialog.Verb)] = action.Word,
        [nameof(BulkDialog.Danger)] = action.Danger,
        [nameof(BulkDialog.Items)] = rows
            .Select(row => new BulkItem(row.Container.Name, $"{row.NodeName}, {ContainerStatus.Text(row.Container)}", user => action.Run(user, row)))
            .ToList(),
    });

    private sealed record BulkContainerAction(
        string Icon, string Word, string Label, string Question, string Permission, Func<ContainerView, bool> Fits,
        Func<ClaimsPrincipal, ContainerRow, Task> Run)
    {
        public bool Danger { get; init; }
    }
}
