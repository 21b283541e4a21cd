using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace Portal.Web.Features.Consoles;

public sealed partial class ConsoleView
{
    private ElementReference _findBox;
    private string _find = "";
    private string _found = "";
    private string _filesBegin = "/";
    private string _hint = "";
    private bool _searching;
    private bool _focusSearch;
    private bool _mayFiles;
    private bool _files;
    private bool _filesBegun;

    /// <summary>The search was asked for, by its button or its keys.</summary>
    [JSInvokable]
    public void OnSearch()
    {
        _searching = _focusSearch = true;
        StateHasChanged();
    }

    // What is typed next is looked for, and must not reach the program.
    private async Task FocusSearchAsync()
    {
        if (_focusSearch)
        {
            _focusSearch = false;
            try
            {
                await _findBox.FocusAsync();
            }
            catch (JSException)
            {
                // It was put away again meanwhile.
            }
        }
    }

    private Task OnSearchKeyAsync(KeyboardEventArgs key) => key.Key == "Escape" ? EndSearchAsync() : Task.CompletedTask;

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

    private async Task CopyAsync() => _hint = await _console!.InvokeAsync<string>("copy") switch
    {
        "copied" => T("Copied."),
        "empty" => T("Nothing is marked in the terminal."),
        _ => T("The browser does not let this page write to the clipboard."),
    };

    private async Task PasteAsync() => _hint = await _console!.InvokeAsync<bool>("paste")
        ? ""
        : T("The browser does not let this page read the clipboard: press Ctrl+Shift+V in the terminal.");

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

    private async Task FullScreenAsync() => _hint = await _console!.InvokeAsync<bool>("fullScreen", _view)
        ? ""
        : T("This browser has no full screen for a part of a page.");
}
