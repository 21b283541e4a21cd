using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Hubs;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Containers.Commit;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Containers;

/// <summary>What can be done with a container now, as buttons. Failures are shown beside them.</summary>
public sealed partial class ContainerActions
{
    private string? _error;
    private bool _busy;

    [Parameter]
    [EditorRequired]
    public required ContainerKey Container { get; set; }

    [Parameter]
    [EditorRequired]
    public required ContainerView View { get; set; }

    /// <summary>What the user may do: nothing else is offered.</summary>
    [Parameter]
    [EditorRequired]
    public required EffectiveAccess Access { get; set; }

    /// <summary>All actions with words, for a page of their own; otherwise the common ones as icons, for a row.</summary>
    [Parameter]
    public bool Full { get; set; }

    /// <summary>It was removed.</summary>
    [Parameter]
    public EventCallback Removed { get; set; }

    [Inject]
    public required ContainerCommands Commands { get; init; }

    [Inject]
    public required Confirmations Confirmations { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string? TextOf(string label) => Full ? label : null;

    private bool May(string permission) => Access.Allows(permission, AccessScope.Node(Container.NodeId));

    private async Task KillAsync()
    {
        var sure = await Confirmations.AskAsync(
            T("Kill '{0}'?", Container.Name), T("Its processes end at once, without a chance to save what they have in memory."), T("Kill"));
        if (sure)
        {
            await RunAsync((user, container, stop) => Commands.KillAsync(user, container, "", stop));
        }
    }

    private async Task UpdateAsync()
    {
        var parameters = new Dictionary<string, object?> { [nameof(UpdateDialog.Container)] = Container };
        if (await Dialogs.OpenAsync<UpdateDialog>(T("Limits of {0}", Container.Name), parameters, "440px") is true)
        {
            Dialogs.Done(T("The limits of {0} are changed.", Container.Name));
        }
    }

    private Task CommitAsync() => Dialogs.OpenAsync<CommitDialog>(T("Make an image of '{0}'", Container.Name), new()
    {
        [nameof(CommitDialog.Container)] = Container,
        [nameof(CommitDialog.Running)] = ContainerStatus.IsRunning(View),
    });

    private async Task RemoveAsync()
    {
        var running = ContainerStatus.CanStop(View);
        var lost = running
            ? T("It runs now and is killed first. What it wrote into its own file system and its log are lost; its image stays.")
            : T("What it wrote into its own file system and its log are lost; its image stays.");
        if (await Confirmations.AskAsync(T("Remove '{0}'?", Container.Name), lost, running ? T("Kill and remove") : T("Remove")))
        {
            await RunAsync((user, container, token) => Commands.RemoveAsync(user, container, force: running, token));
            if (_error is null)
            {
                await Removed.InvokeAsync();
            }
        }
    }

    private async Task RunAsync(Func<ClaimsPrincipal, ContainerKey, CancellationToken, Task> command)
    {
        _busy = true;
        _error = null;
        try
        {
            await command((await Authentication).User, Container, CancellationToken.None);
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _error = failure.Message;
        }
        finally
        {
            _busy = false;
        }
    }
}
