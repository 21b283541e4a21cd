using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Portal.Web.Features.Consoles;

public sealed partial class ConsoleView
{
    private ElementReference _findBox;
    private string _find = "";
    private string _found = "";
    private bool _searching;

    /// <summary>The search was asked for, by its button or its keys.</summary>
    [JSInvokable]
    public void OnSearch()
    {
        _searching = true;
        StateHasChanged();
    }

    private async Task FindAsync(bool backwards)
    {
        if (_find.Length > 0)
        {
            _found = await _console!.InvokeAsync<bool>("find", _find, backwards) ? "" : T("Not found.");
        }
    }

    private async Task EndSearchAsync()
    {
        (_searching, _found) = (false, "");
        await _console!.InvokeVoidAsync("endSearch");
    }

    private async Task CopyAsync() => await _console!.InvokeVoidAsync("copy");

    private async Task PasteAsync() => await _console!.InvokeVoidAsync("paste");

    private async Task FullScreenAsync() => await _console!.InvokeVoidAsync("fullScreen", _view);
}
