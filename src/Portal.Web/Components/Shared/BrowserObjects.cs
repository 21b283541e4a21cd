using Microsoft.JSInterop;

namespace Portal.Web.Components.Shared;

/// <summary>What components hold in the browser.</summary>
internal static class BrowserObjects
{
    /// <summary>Ends what a component's script made there, and lets go of the script.</summary>
    /// <param name="made">An object with a <c>dispose</c> function, or null when there is none yet.</param>
    /// <param name="module">The script, or null when it was not loaded yet.</param>
    public static async ValueTask DisposeAsync(IJSObjectReference? made, IJSObjectReference? module)
    {
        try
        {
            if (made is not null)
            {
                await made.InvokeVoidAsync("dispose");
                await made.DisposeAsync();
            }

            if (module is not null)
            {
                await module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and its objects with it; a console's program ends when its WebSocket closes.
        }
    }
}
