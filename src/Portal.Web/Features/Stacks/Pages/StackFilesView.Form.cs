using Portal.Compose.Editing;

namespace Portal.Web.Features.Stacks.Pages;

/// <summary>The form beside the text: what is typed in one is shown in the other.</summary>
public sealed partial class StackFilesView
{
    private const int Attempts = 5;

    // Of two fields that are left one after the other the first is written first, and undone last.
    private Task _writing = Task.CompletedTask;
    private bool _withForm;
    private ComposeText? _form;

    private bool MayShowForm => !IsReadOnly && _open is { ComposeNumber: > 0, Text: not null };

    private async Task ToggleFormAsync()
    {
        _withForm = !_withForm;
        await ShowFormAsync();
    }

    private async Task ShowFormAsync() =>
        _form = _withForm && MayShowForm && _editor is not null ? ComposeText.Read(await _editor.ReadAsync()) : null;

    private async Task ChangedAsync()
    {
        if (_form is not null)
        {
            await ShowFormAsync();
        }

        await Changed.InvokeAsync();
    }

    // Made of what stands in the editor now, and once more where somebody has typed meanwhile.
    private async Task<ComposeEdit?> EditAsync(Func<ComposeText, ComposeEdit?> change)
    {
        var writing = AfterAsync(_writing, change);
        _writing = writing;
        return await writing;
    }

    private async Task<ComposeEdit?> AfterAsync(Task before, Func<ComposeText, ComposeEdit?> change)
    {
        // What went wrong there is told there.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return await WriteAsync(change);
    }

    private async Task<ComposeEdit?> WriteAsync(Func<ComposeText, ComposeEdit?> change)
    {
        for (var attempt = 0; attempt < Attempts && _editor is { } editor; attempt++)
        {
            var version = await editor.VersionAsync();
            var text = ComposeText.Read(await editor.ReadAsync());
            if (change(text) is not { } edit)
            {
                _form = text;
                StateHasChanged();
                return null;
            }

            if (await editor.SpliceAsync(version, edit.Splice.Start, edit.Splice.Length, edit.Splice.Text))
            {
                _form = edit.After;
                StateHasChanged();
                return edit;
            }
        }

        return null;
    }
}
