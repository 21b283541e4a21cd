using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Portal.Compose.Completion;
using Portal.Compose.Editing;
using Portal.Compose.Problems;
using Portal.Web.Components.Shared;
using Portal.Web.Components.Shared.Editing;
using Portal.Web.Features.Stacks.Files;

namespace Portal.Web.Features.Stacks.Pages;

/// <summary>The files of a stack, a tab each: to read, or to change, add, rename and remove.</summary>
public sealed partial class StackFilesView
{
    private readonly string _id = $"files-{Guid.NewGuid():N}"[..14];
    private List<OpenFile> _files = [];
    private OpenFile _open = new("", new StackFileContent([]), 0);
    private CodeEditor? _editor;
    private string _path = "";
    private string? _error;
    private CodeEditor? _marked;
    private IReadOnlyList<ComposeProblem> _problems = [];

    /// <summary>What it begins with.</summary>
    [Parameter]
    [EditorRequired]
    public StackFileSet Files { get; set; } = StackFileSet.Of("");

    [Parameter]
    public bool IsReadOnly { get; set; }

    /// <summary>Told when nobody has typed for a moment.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    [Inject]
    public required Confirmations Confirmations { get; init; }

    private bool IsLastCompose => _open.ComposeNumber > 0 && _files.Count(file => file.ComposeNumber > 0) == 1;

    /// <summary>The files as they stand now.</summary>
    public async Task<StackFileSet> ReadAsync()
    {
        await KeepAsync();
        return new StackFileSet(
            _files.Where(file => file.ComposeNumber > 0).OrderBy(file => file.ComposeNumber).Select(file => file.Path),
            _files.Select(file => KeyValuePair.Create(file.Path, file.Content)));
    }

    /// <summary>Marks the lines of which there is something to say, in place of those that were marked before.</summary>
    /// <param name="problems">What there is to say.</param>
    /// <param name="opens">Whether the first mistake is to be seen, in whichever file it is.</param>
    public async Task MarkAsync(IReadOnlyList<ComposeProblem> problems, bool opens)
    {
        _problems = problems;
        var first = problems.FirstOrDefault(problem => problem.Severity == ComposeSeverity.Error);
        if (opens && first is not null && _files.Find(file => file.Path == first.Mark.File) is { } file && file != _open)
        {
            await OpenAsync(file);
        }
        else
        {
            await ShowMarksAsync(opens);
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_editor is not null && _editor != _marked)
        {
            await ShowMarksAsync(reveals: true);
        }
    }

    protected override void OnInitialized()
    {
        // Compose files first, in their order.
        _files = [.. Files.Files
            .Select(file => new OpenFile(file.Key, file.Value, 1 + Files.ComposeFiles.ToList().IndexOf(file.Key)))
            .OrderBy(file => file.ComposeNumber == 0).ThenBy(file => file.ComposeNumber).ThenBy(file => file.Path, StringComparer.Ordinal)];
        _open = _files[0];
    }

    private string TabId(OpenFile file) => $"{_id}-tab-{_files.IndexOf(file)}";

    private async Task OpenAsync(OpenFile file)
    {
        await KeepAsync();
        (_open, _error) = (file, null);
        _form = _withForm && MayShowForm ? ComposeText.Read(file.Text!) : null;
        StateHasChanged();
    }

    // Arrow keys go from tab to tab, as everywhere.
    private async Task MoveAsync(KeyboardEventArgs key)
    {
        var step = key.Key switch { "ArrowRight" => 1, "ArrowLeft" => -1, _ => 0 };
        if (step != 0)
        {
            await OpenAsync(_files[(_files.IndexOf(_open) + step + _files.Count) % _files.Count]);
            await _open.Tab.FocusAsync();
        }
    }

    private async Task ShowMarksAsync(bool reveals)
    {
        _marked = _editor;
        if (_editor is not null)
        {
            await _editor.MarkAsync(
                [.. _problems.Where(problem => problem.Mark.File == _open.Path && problem.Severity != ComposeSeverity.Note)
                    .OrderBy(problem => problem.Severity != ComposeSeverity.Error)
                    .Select(problem => new EditorMark(
                        problem.Mark.Line, Told(problem.Message), problem.Severity == ComposeSeverity.Error))],
                reveals);
        }
    }

    private static IReadOnlyList<EditorSuggestion> Suggest(IReadOnlyList<string> path)
    {
        var suggestions = ComposeCompletion.Suggest(path);
        return [.. suggestions.Keys.Select(key => new EditorSuggestion(key.Name, key.Name + key.Lead, IsKey: true)),
            .. suggestions.Words.Select(word => new EditorSuggestion(word, word, IsKey: false))];
    }

    private async Task KeepAsync()
    {
        if (!IsReadOnly && _open.Text is { } before && _editor is not null && await _editor.ReadAsync() is var now && now != before)
        {
            _open.Content = StackFileContent.Of(now) with { IsExecutable = _open.Content.IsExecutable };
        }
    }

    private async Task AddAsync()
    {
        if (Judge())
        {
            var added = new OpenFile(_path.Trim(), StackFileContent.Of(""), 0);
            _files.Add(added);
            _path = "";
            await OpenAsync(added);
        }
    }

    private void Rename()
    {
        if (Judge())
        {
            (_open.Path, _path) = (_path.Trim(), "");
        }
    }

    private async Task RemoveAsync()
    {
        if (_open.Content.Bytes.Length > 0
            && !await Confirmations.AskAsync(T("Remove '{0}'?", _open.Path), T("The revisions that have it keep it."), T("Remove")))
        {
            return;
        }

        var gone = _open;
        _files.Remove(gone);
        _open = _files[0];
        if (_files.TrueForAll(file => file.ComposeNumber == 0))
        {
            _open.ComposeNumber = 1;
        }

        Renumber();
        _form = _withForm && MayShowForm ? ComposeText.Read(_open.Text!) : null;
    }

    private async Task OverlayAsync(ChangeEventArgs change)
    {
        _open.ComposeNumber = change.Value is true ? _files.Max(file => file.ComposeNumber) + 1 : 0;
        Renumber();
        await ShowFormAsync();
    }

    private void Renumber()
    {
        foreach (var (file, index) in _files.Where(file => file.ComposeNumber > 0).OrderBy(file => file.ComposeNumber)
            .Select((file, index) => (file, index)).ToList())
        {
            file.ComposeNumber = index + 1;
        }
    }

    private bool Judge()
    {
        var path = _path.Trim();
        _error = StackFileRules.ProblemOf(path)
            ?? (_files.Exists(file => file.Path == path) ? T("There is a file '{0}' already.", path) : null);
        return _error is null;
    }

    private sealed class OpenFile(string path, StackFileContent content, int composeNumber)
    {
        private StackFileContent _content = content;

        public string Path { get; set; } = path;

        public ElementReference Tab { get; set; }

        /// <summary>From 1, in the order in which Compose files are laid over each other; 0 for another file.</summary>
        public int ComposeNumber { get; set; } = composeNumber;

        public StackFileContent Content
        {
            get => _content;
            set => (_content, Text) = (value, value.ReadText());
        }

        /// <summary>Null when it is no text.</summary>
        public string? Text { get; private set; } = content.ReadText();
    }
}
