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
    private IJSObjectReference? _editor;
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

    /// <summary>Marks a line as wrong; null to take the mark away.</summary>
    /// <param name="line">From 1.</param>
    /// <param name="message">What is wrong with it.</param>
    public async Task MarkAsync(int? line, string message)
    {
        if (_editor is not null)
        {
            await _editor.InvokeVoidAsync("mark", line, message);
        }
    }

    public ValueTask DisposeAsync() => _browser.DisposeAsync();

    protected override bool ShouldRender() => false;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _editor = await _browser.CreateAsync(Script, "./Components/Shared/Editing/CodeEditor.razor.js", () => [_host, Language, Label]);
        }
    }
}
