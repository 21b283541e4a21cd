using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Builds.Running;

namespace Portal.Web.Features.Builds.Begin;

/// <summary>Chooses what the browser sends as the context. The bytes go past the circuit, from the disk to the endpoint.</summary>
public sealed partial class ContextUpload : IAsyncDisposable
{
    private DotNetObjectReference<ContextUpload>? _self;
    private readonly BrowserScript _browser = new();
    private IJSObjectReference? _upload;
    private ElementReference _host;
    private string? _name;
    private string? _error;
    private int _files;
    private double _bytes;

    /// <summary>Something else was chosen.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [Inject]
    public required AntiforgeryStateProvider Antiforgery { get; init; }

    /// <summary>True once something was chosen.</summary>
    public bool HasFiles => _name is not null;

    /// <summary>A folder or file was chosen.</summary>
    [JSInvokable]
    public async Task OnChosen(string name, int files, double bytes)
    {
        (_name, _files, _bytes, _error) = (name, files, bytes, null);
        StateHasChanged();
        await Changed.InvokeAsync();
    }

    /// <summary>What was chosen can't be sent.</summary>
    [JSInvokable]
    public void OnRefused(string message)
    {
        (_name, _error) = (null, message);
        StateHasChanged();
    }

    /// <summary>Begins to send; goes on when the page is left for another of the portal's.</summary>
    public async Task SendAsync(BuildRun run)
    {
        var address = BuildContextEndpoint.Pattern
            .Replace("{nodeId:guid}", run.NodeId.ToString(), StringComparison.Ordinal)
            .Replace("{buildId:guid}", run.Id.ToString(), StringComparison.Ordinal)[1..];
        await _upload!.InvokeVoidAsync("send", address, Antiforgery.GetAntiforgeryToken()?.Value ?? "");
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
        _upload = await _browser.CreateAsync(Script, "./Features/Builds/Begin/ContextUpload.razor.js", () => [_host, _self]);
        if (_upload is not null)
        {
            StateHasChanged();
        }
    }
}
