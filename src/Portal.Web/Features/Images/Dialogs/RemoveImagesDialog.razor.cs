using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Images.Listing;

namespace Portal.Web.Features.Images.Dialogs;

/// <summary>
/// Removes images one after another and tells of each how it ended; what stands against one is explained, with what helps.
/// </summary>
public sealed partial class RemoveImagesDialog
{
    private List<ImageRemoval> _removals = [];
    private bool _begun;
    private bool _busy;

    [Parameter]
    [EditorRequired]
    public IReadOnlyList<ImageRow> Rows { get; set; } = [];

    /// <summary>For which containers to name.</summary>
    [Parameter]
    [EditorRequired]
    public EffectiveAccess Access { get; set; } = EffectiveAccess.None;

    [Inject]
    public required ImageCommands Images { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string Question => Rows.Count == 1
        ? T("The image goes with all of its names. It has to be pulled or uploaded again when it is needed.")
        : T("These {0} images go with all of their names. They have to be pulled or uploaded again when they are needed.", Rows.Count);

    private string Outcome
    {
        get
        {
            var removed = _removals.Count(removal => removal.State == RemovalState.Removed);
            var open = _removals.Count(removal => removal.State is RemovalState.Waiting or RemovalState.Running);
            return open > 0 ? T("Removing; {0} to go.", open)
                : removed == _removals.Count ? (removed == 1 ? T("Removed.") : T("All {0} are removed.", removed))
                : T("{0} of {1} removed.", removed, _removals.Count);
        }
    }

    protected override void OnInitialized() => _removals = [.. Rows.Select(row => new ImageRemoval(row))];

    private bool MaySee(Guid nodeId) => Access.Allows(PermissionNames.ContainersView, AccessScope.Node(nodeId));

    private async Task RunAsync(IReadOnlyList<ImageRemoval> removals, bool force)
    {
        (_begun, _busy) = (true, true);
        var user = (await Authentication).User;
        foreach (var removal in removals)
        {
            await removal.RunAsync(Images, user, force);
            StateHasChanged();
        }

        _busy = false;

        // Nothing is left to read when a single image went without a word.
        if (_removals is [{ State: RemovalState.Removed }])
        {
            Dialogs.Close(true);
            Dialogs.Done(T("Removed {0}.", ImageText.NameOf(_removals[0].Row.Image)));
        }
    }

    private static string Advice(ImageConflict conflict) => conflict switch
    {
        { MayForce: false } =>
            T("While a container runs, its image can't be removed, not even by force. Stop and remove the container first."),
        { UserCount: > 0 } => T("By force the image goes; stopped containers keep their files, but no new one can be made of it."),
        _ => T("Somebody gave it another name meanwhile. By force it goes with all of them."),
    };

    private static string Text(RemovalState state) => state switch
    {
        RemovalState.Running => T("removing"),
        RemovalState.Removed => T("removed"),
        RemovalState.Conflict => T("in use"),
        RemovalState.Failed => T("failed"),
        _ => T("waiting"),
    };

    private static StatusTone Tone(RemovalState state) => state switch
    {
        RemovalState.Running => StatusTone.Busy,
        RemovalState.Removed => StatusTone.Good,
        RemovalState.Conflict => StatusTone.Warning,
        RemovalState.Failed => StatusTone.Bad,
        _ => StatusTone.Neutral,
    };
}
