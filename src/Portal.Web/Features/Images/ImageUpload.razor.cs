using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;
using Portal.Web.Components.Shared;

namespace Portal.Web.Features.Images;

/// <summary>Sends an archive straight from the browser to the upload endpoint, with progress; the circuit only hears of it.</summary>
public sealed partial class ImageUpload : IAsyncDisposable
{
    private DotNetObjectReference<ImageUpload>? _self;
    private readonly BrowserScript _browser = new();
    private IJSObjectReference? _upload;
    private ElementReference _host;
    private string? _file;
    private string? _loaded;
    private string? _error;
    private double _size;
    private double _share;
    private bool _running;

    [Parameter]
    [EditorRequired]
    public Guid NodeId { get; set; }

    /// <summary>There are new images.</summary>
    [Parameter]
    public EventCallback Loaded { get; set; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [Inject]
    public required AntiforgeryStateProvider Antiforgery { get; init; }

    /// <summary>A file was chosen and its upload begins.</summary>
    [JSInvokable]
    public void OnStarted(string file, double size)
    {
        (_file, _size, _share, _running, _loaded, _error) = (file, size, 0, true, null, null);
        StateHasChanged();
    }

    /// <summary>So much has been sent, 0 to 1.</summary>
    [JSInvokable]
    public void OnProgress(double share)
    {
        _share = share;
        StateHasChanged();
    }

    /// <summary>It ended; exactly one of the two is null.</summary>
    [JSInvokable]
    public async Task OnEnded(IReadOnlyList<string>? names, string? error)
    {
        _running = false;
        _error = error;
        _loaded = names is null ? null : string.Join(", ", names);
        StateHasChanged();
        if (error is null)
        {
            await Loaded.InvokeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _self?.Dispose();
        await _browser.DisposeAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _self = DotNetObjectReference.Create(this);
        var address = ImageUploadEndpoint.Pattern.Replace("{nodeId:guid}", NodeId.ToString(), StringComparison.Ordinal)[1..];
        var token = Antiforgery.GetAntiforgeryToken()?.Value ?? "";
        _upload = await _browser.CreateAsync(Script, "./Features/Images/ImageUpload.razor.js", () => [_host, _self, address, token]);
        if (_upload is not null)
        {
            StateHasChanged();
        }
    }

    private async Task CancelAsync() => await _upload!.InvokeVoidAsync("cancel");
}
