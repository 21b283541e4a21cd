using Microsoft.JSInterop;

namespace Portal.Web.Components.Shared;

/// <summary>
/// A component's script in the browser, and the object that it made there. One for each component, used on its circuit's context alone.
/// </summary>
/// <remarks>
/// Loading takes time, in which people go on to another page: what came too late for its component is let go of, and nothing fails. An
/// exception there would take down the page that is shown by then.
/// </remarks>
internal sealed class BrowserScript : IAsyncDisposable
{
    private const int Attempts = 4;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    private IJSObjectReference? _module;
    private IJSObjectReference? _made;
    private bool _gone;

    /// <summary>Loads a script and lets its function <c>create</c> make an object.</summary>
    /// <param name="runtime">The browser.</param>
    /// <param name="path">The script's address, relative to the portal's.</param>
    /// <param name="arguments">What <c>create</c> is given; asked for when the script is there.</param>
    /// <returns>The object; null when the component is gone meanwhile.</returns>
    /// <exception cref="JSException">The script could not be loaded, or failed.</exception>
    public async Task<IJSObjectReference?> CreateAsync(IJSRuntime runtime, string path, Func<object?[]> arguments)
    {
        try
        {
            _module = await ImportAsync(runtime, path);
            _made = _gone ? null : await _module.InvokeAsync<IJSObjectReference>("create", arguments());
        }
        catch (JSException) when (_gone)
        {
            // Its place in the page is gone as well.
        }
        catch (Exception failure) when (failure is JSDisconnectedException or OperationCanceledException)
        {
            // The whole page is gone.
            return null;
        }

        if (_gone)
        {
            await EndAsync();
            return null;
        }

        return _made;
    }

    /// <summary>Ends what the script made, by its function <c>dispose</c>, and lets go of both.</summary>
    public ValueTask DisposeAsync()
    {
        _gone = true;
        return EndAsync();
    }

    /// <summary>
    /// Browsers break off what they fetch when a network interface comes or goes. The address differs each time, since some remember of
    /// a script that it could not be loaded.
    /// </summary>
    private async Task<IJSObjectReference> ImportAsync(IJSRuntime runtime, string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await runtime.InvokeAsync<IJSObjectReference>("import", attempt == 1 ? path : $"{path}?attempt={attempt}");
            }
            catch (JSException) when (attempt < Attempts && !_gone)
            {
                await Task.Delay(s_pause);
            }
        }
    }

    private async ValueTask EndAsync()
    {
        var (made, module) = (_made, _module);
        _made = _module = null;
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
