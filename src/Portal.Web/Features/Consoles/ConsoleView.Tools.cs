using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Portal.Web.Features.Consoles;

public sealed partial class ConsoleView
{
    private ElementReference _findBox;
    private string _find = "";
    private string _found = "";
    private string _filesBegin = "/";
    private bool _searching;
    private bool _mayFiles;
    private bool _files;
    private bool _filesBegun;

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

    // Where the console began, which is where somebody who works in it looks first.
    private void ToggleFiles()
    {
        _files = !_files;
        if (!_filesBegun)
        {
            (_filesBegun, _filesBegin) = (true, _directory.Trim() is ['/', ..] directory ? directory : "/");
        }
    }

    // A dialog is outside of what fills the screen, and would not be seen.
    private async Task LeaveFullScreenAsync() => await _console!.InvokeVoidAsync("leaveFullScreen");

    private async Task FullScreenAsync() => await _console!.InvokeVoidAsync("fullScreen", _view);
}
