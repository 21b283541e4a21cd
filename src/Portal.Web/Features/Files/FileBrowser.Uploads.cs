using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;
using Portal.Web.Components.Shared;

namespace Portal.Web.Features.Files;

/// <content>Uploads, which the browser's script sends and tells of, and the keyboard, which it alone handles.</content>
public sealed partial class FileBrowser : IAsyncDisposable
{
    private List<FileUpload> _uploads = [];
    private DotNetObjectReference<FileBrowser>? _self;
    private readonly BrowserScript _browser = new();
    private IJSObjectReference? _script;
    private ElementReference _host;

    [Inject]
    public required IJSRuntime Script { get; init; }

    [Inject]
    public required AntiforgeryStateProvider Antiforgery { get; init; }

    /// <summary>Files were chosen or dropped; they go into the folder that is shown now.</summary>
    /// <returns>Where to send them, by their numbers; null when nothing may be uploaded.</returns>
    [JSInvokable]
    public string? OnChosen(IReadOnlyList<ChosenFile> files)
    {
        if (!MayChange)
        {
            return null;
        }

        _uploads.RemoveAll(upload => upload is { HasEnded: true, Error: null });
        _uploads.AddRange(files.Select(file => new FileUpload(file.Id, file.Name, _path, file.Size)));
        StateHasChanged();
        return _path;
    }

    /// <summary>So much of a file has been sent, 0 to 1.</summary>
    [JSInvokable]
    public void OnProgress(int id, double share) => Change(id, upload => upload with { IsWaiting = false, Share = share });

    /// <summary>An upload ended; without a failure when <paramref name="error"/> is null.</summary>
    [JSInvokable]
    public async Task OnEnded(int id, string? error, bool taken)
    {
        Change(id, upload => upload with { IsWaiting = false, HasEnded = true, Error = error, IsTaken = taken });
        if (error is null && _uploads.Exists(upload => upload.Id == id && upload.Folder == _path))
        {
            await LoadAsync();
            StateHasChanged();
        }
    }

    /// <summary>The keyboard asks for the folder above.</summary>
    [JSInvokable]
    public async Task OnUp()
    {
        if (_path == FilePaths.Top)
        {
            return;
        }

        if (InPanel)
        {
            await GoAsync(FilePaths.Parent(_path));
            StateHasChanged();
        }
        else
        {
            Navigation.NavigateTo(AddressOf(FilePaths.Parent(_path)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        _closed.Dispose();
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
        var token = Antiforgery.GetAntiforgeryToken()?.Value ?? "";
        _script = await _browser.CreateAsync(
            Script, "./Features/Files/FileBrowser.razor.js", () => [_host, _self, Source.UploadAddress, token]);
        if (_script is not null)
        {
            StateHasChanged();
        }
    }

    private async Task CancelUploadAsync(int id) => await _script!.InvokeVoidAsync("cancel", id);

    private async Task ReplaceUploadAsync(int id)
    {
        Change(id, upload => new FileUpload(id, upload.Name, upload.Folder, upload.Size));
        await _script!.InvokeVoidAsync("replace", id);
    }

    private void DismissUpload(int id) => _uploads.RemoveAll(upload => upload.Id == id);

    private void Change(int id, Func<FileUpload, FileUpload> change)
    {
        _uploads = [.. _uploads.Select(upload => upload.Id == id ? change(upload) : upload)];
        StateHasChanged();
    }

    /// <summary>A file in the browser.</summary>
    public sealed record ChosenFile(int Id, string Name, double Size);
}
