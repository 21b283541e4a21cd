using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Stacks.Sources;

namespace Portal.Web.Features.Stacks.Pages;

/// <summary>Where a stack's files come from, and how fetching them goes.</summary>
public sealed partial class StackSourcePanel
{
    private StackSourceView? _source;
    private bool _isEditing;

    [Parameter]
    public bool MayEdit { get; set; }

    /// <summary>What stands there has changed: with a source or without one, with another revision or the same.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    [Inject]
    internal StackSourceDirectory Directory { get; init; } = null!;

    [Inject]
    public required Confirmations Confirmations { get; init; }

    protected override async Task OnParametersSetAsync() =>
        _source = await Directory.FindAsync((await Authentication).User, StackId, Gone);

    private async Task SavedAsync()
    {
        _isEditing = false;
        await FetchAsync();
    }

    private Task FetchAsync() => DoAsync(async user =>
    {
        var refresh = await Directory.RefreshAsync(user, StackId, Gone);
        Told = refresh.Outcome switch
        {
            StackRefreshOutcome.Changed => T("Revision {0} is {1}", refresh.Revision, refresh.Message),
            StackRefreshOutcome.Unchanged =>
                T("The files are the same as before, at commit {0}.", refresh.Commit[..Math.Min(10, refresh.Commit.Length)]),
            _ => "",
        };
    });

    private async Task RemoveAsync()
    {
        if (await Confirmations.AskAsync(
            T("Take the Git source away?"), T("Its login is forgotten. The files stay as they were fetched last, and can be edited here."),
            T("Take away")))
        {
            await DoAsync(user => Directory.RemoveAsync(user, StackId, CancellationToken.None));
        }
    }

    private async Task DoAsync(Func<ClaimsPrincipal, Task> work)
    {
        if (await RunAsync(work))
        {
            await Changed.InvokeAsync();
            _source = await Directory.FindAsync((await Authentication).User, StackId, Gone);
        }
    }
}
