using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Access;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Stacks.Sources;

namespace Portal.Web.Features.Stacks.Pages;

/// <summary>Where a stack's files come from, and how fetching them goes.</summary>
public sealed partial class StackSourcePanel : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private StackSourceView? _source;
    private bool _isEditing;
    private bool _busy;
    private string _told = "";
    private string? _error;

    [Parameter]
    [EditorRequired]
    public Guid StackId { get; set; }

    [Parameter]
    public bool MayEdit { get; set; }

    /// <summary>What stands there has changed: with a source or without one, with another revision or the same.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [Inject]
    internal StackSourceDirectory Directory { get; init; } = null!;

    [Inject]
    public required Confirmations Confirmations { get; init; }

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    protected override async Task OnParametersSetAsync() =>
        _source = await Directory.FindAsync((await Authentication).User, StackId, _gone.Token);

    private async Task SavedAsync()
    {
        _isEditing = false;
        await FetchAsync();
    }

    private Task FetchAsync() => RunAsync(async user =>
    {
        var refresh = await Directory.RefreshAsync(user, StackId, _gone.Token);
        _told = refresh.Outcome switch
        {
            StackRefreshOutcome.Changed => T("Revision {0} is {1}", refresh.Revision, refresh.Message),
            StackRefreshOutcome.Unchanged => refresh.Message,
            _ => "",
        };
    });

    private async Task RemoveAsync()
    {
        if (await Confirmations.AskAsync(
            T("Take the Git source away?"), T("Its login is forgotten. The files stay as they were fetched last, and can be edited here."),
            T("Take away")))
        {
            await RunAsync(user => Directory.RemoveAsync(user, StackId, CancellationToken.None));
        }
    }

    private async Task RunAsync(Func<ClaimsPrincipal, Task> work)
    {
        (_busy, _error, _told) = (true, null, "");
        StateHasChanged();
        try
        {
            await work((await Authentication).User);
        }
        catch (Exception failure) when (failure is StackException or AccessDeniedException)
        {
            _error = failure.Message;
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            _busy = false;
        }

        await Changed.InvokeAsync();
        _source = await Directory.FindAsync((await Authentication).User, StackId, _gone.Token);
    }
}
