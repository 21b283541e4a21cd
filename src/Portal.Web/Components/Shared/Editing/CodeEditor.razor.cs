using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Portal.Web.Components.Shared.Editing;

/// <summary>
/// A text with the colours of its language: Monaco, loaded with the first page that needs it, and a plain field until it is there or where
/// it can't be. What is typed stays in the browser until <see cref="ReadAsync"/> asks for it.
/// </summary>
public sealed partial class CodeEditor : IAsyncDisposable
{
    private const long MostBytes = 4 << 20;
    private readonly BrowserScript _browser = new();
    private DotNetObjectReference<CodeEditor>? _self;
    private IJSObjectReference? _editor;
    private IReadOnlyList<EditorMark> _marks = [];
    private bool _reveals;
    private ElementReference _host;

    /// <summary>What it begins with.</summary>
    [Parameter]
    public string Value { get; set; } = "";

    /// <summary>Monaco's name of the language; those that Assets.targets brings.</summary>
    [Parameter]
    [EditorRequired]
    public string Language { get; set; } = "plaintext";

    /// <summary>For who can't see it.</summary>
    [Parameter]
    [EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>How high it is.</summary>
    [Parameter]
    public int Lines { get; set; } = 20;

    /// <summary>Told when nobody has typed for a moment; what stands there then is to be read.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    /// <summary>What is offered at a place of a YAML file, by the keys that lead there, "-" for an item of a list.</summary>
    [Parameter]
    public Func<IReadOnlyList<string>, IReadOnlyList<EditorSuggestion>>? Suggest { get; set; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    /// <summary>What stands in it now.</summary>
    public async Task<string> ReadAsync()
    {
        if (_editor is null)
        {
            return Value;
        }

        // As a stream: what a circuit takes in one message is bounded.
        await using var text = await _editor.InvokeAsync<IJSStreamReference?>("read");
        if (text is null)
        {
            return "";
        }

        await using var stream = await text.OpenReadStreamAsync(MostBytes);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Which state of the text it is, for <see cref="SpliceAsync"/>; to be asked for before the text.</summary>
    public async Task<string> VersionAsync() => _editor is null ? "" : await _editor.InvokeAsync<string>("version");

    /// <summary>Changes one place of the text, as if it had been typed.</summary>
    /// <returns>Whether it was done: not when anything was written since that version.</returns>
    public async Task<bool> SpliceAsync(string version, int start, int length, string text) =>
        _editor is not null && await _editor.InvokeAsync<bool>("splice", version, start, length, text);

    /// <summary>Marks lines, in place of those that were marked before.</summary>
    /// <param name="marks">What is to be said of which lines.</param>
    /// <param name="reveals">Whether the first one is to be seen: not while somebody types elsewhere.</param>
    public async Task MarkAsync(IReadOnlyList<EditorMark> marks, bool reveals)
    {
        (_marks, _reveals) = (marks, reveals);
        if (_editor is not null)
        {
            await _editor.InvokeVoidAsync("mark", marks, reveals);
        }
    }

    /// <summary>For the browser.</summary>
    [JSInvokable]
    public Task ChangedAsync() => Changed.InvokeAsync();

    /// <summary>For the browser.</summary>
    [JSInvokable]
    public IReadOnlyList<EditorSuggestion> SuggestAt(IReadOnlyList<string>? path) => path is null ? [] : Suggest?.Invoke(path) ?? [];

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _self?.Dispose();
    }

    protected override bool ShouldRender() => false;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            _editor = await _browser.CreateAsync(
                Script,
                "./Components/Shared/Editing/CodeEditor.razor.js",
                () => [_host, Language, Label, _self, Changed.HasDelegate, Suggest is not null]);
            if (_marks.Count > 0)
            {
                await MarkAsync(_marks, _reveals);
            }
        }
    }
}
