using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Webhooks.Pages;

/// <summary>A page of one webhook: it reads what it shows again while it is open, and tells what can't be done.</summary>
public abstract class HookComponent : FleetComponent
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(2);

    [Parameter]
    public Guid HookId { get; set; }

    [Inject]
    internal HookDirectory Directory { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string ViewPermission => PermissionNames.HooksView;

    /// <summary>The webhook; null until it is read, and when there is none.</summary>
    protected HookLine? Line { get; private set; }

    protected bool IsLoaded { get; private set; }

    protected string? Error { get; private set; }

    protected bool MayEdit => Access.AllowsAll([PermissionNames.HooksEdit, PermissionNames.StacksDeploy], Line!.Stack.Scope());

    /// <summary>Whether nothing of it changes any more.</summary>
    protected virtual bool IsFinal => false;

    /// <summary>Reads what the page shows beside the webhook.</summary>
    protected abstract Task ReadMoreAsync();

    protected override async Task OnParametersSetAsync() => await ReadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        base.OnAfterRender(firstRender);
        if (firstRender)
        {
            _ = PageRefresh.RunAsync(s_refresh, Time, () => InvokeAsync(RefreshAsync), Closed);
        }
    }

    protected async Task ReadAsync()
    {
        try
        {
            Line = await Directory.FindAsync(User, HookId, Closed);
            await ReadMoreAsync();
            Error = null;
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            Error = T("The portal's database does not answer. What stands here may be old.");
        }

        IsLoaded = true;
    }

    /// <summary>Does what a person asked for, and reads anew.</summary>
    /// <param name="work">What; it gives what is told when it is done, or null.</param>
    protected async Task DoAsync(Func<Task<string?>> work)
    {
        try
        {
            if (await work() is { } done)
            {
                Dialogs.Done(done);
            }

            await ReadAsync();
        }
        catch (Exception failure) when (failure is AccessDeniedException or HookException)
        {
            Error = failure.Message;
        }
    }

    private async Task RefreshAsync()
    {
        if (!IsFinal)
        {
            await ReadAsync();
            StateHasChanged();
        }
    }
}
