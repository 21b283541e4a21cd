using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Access;

namespace Portal.Web.Features.Stacks.Pages;

/// <summary>A part of a stack's page on which people ask for things that take a while: one at a time, and it tells why one was refused.</summary>
public abstract class StackPanelComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _gone = new();

    [Parameter, EditorRequired]
    public Guid StackId { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected bool IsBusy { get; private set; }

    /// <summary>What came of it, in words; empty for nothing to tell.</summary>
    protected string Told { get; set; } = "";

    protected string? Error { get; set; }

    /// <summary>Cancelled when nobody looks any more.</summary>
    protected CancellationToken Gone => _gone.Token;

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Does what a person asked for.</summary>
    /// <returns>Whether somebody still looks.</returns>
    protected async Task<bool> RunAsync(Func<ClaimsPrincipal, Task> work)
    {
        (IsBusy, Error, Told) = (true, null, "");
        StateHasChanged();
        try
        {
            await work((await Authentication).User);
        }
        catch (Exception failure) when (failure is StackException or AccessDeniedException)
        {
            Error = failure.Message;
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            IsBusy = false;
        }

        return true;
    }
}
