using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;
using Portal.Contracts.Volumes.V1;
using Portal.Web.Components.Dialogs;
using Portal.Web.Components.Shared;
using Portal.Web.Encryption.Age;
using Portal.Web.Features.Volumes.Listing;
using Portal.Web.Features.Volumes.Transfers;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Volumes.Dialogs;

/// <summary>
/// Restores a backup into a volume, or as a new one. The archive goes from the browser straight to the endpoint; the circuit only hears of
/// it.
/// </summary>
public sealed partial class RestoreDialog : IAsyncDisposable
{
    private DotNetObjectReference<RestoreDialog>? _self;
    private readonly BrowserScript _browser = new();
    private IJSObjectReference? _script;
    private ElementReference _host;
    private VolumeTransfer? _transfer;
    private UserHandling _users;
    private Guid _nodeId;
    private string _name = "";
    private string? _nameError;
    private string _identity = "";
    private string? _identityError;
    private string? _fileError;
    private string? _error;
    private string? _restored;
    private double _size;
    private double _share;
    private bool _replace;
    private bool _running;

    /// <summary>The volume; null to make a new one.</summary>
    [Parameter]
    public VolumeRow? Row { get; set; }

    /// <summary>Where a new one may be made.</summary>
    [Parameter]
    public IReadOnlyList<NodeState> Nodes { get; set; } = [];

    [Parameter]
    public bool MayStop { get; set; }

    [Inject]
    public required VolumeTransfers Transfers { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [Inject]
    public required AntiforgeryStateProvider Antiforgery { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    /// <summary>So much has been sent, 0 to 1.</summary>
    [JSInvokable]
    public void OnProgress(double share)
    {
        _share = share;
        StateHasChanged();
    }

    /// <summary>It ended; exactly one of the two is null.</summary>
    [JSInvokable]
    public void OnEnded(string? name, string? error)
    {
        (_running, _restored, _error) = (false, name, error);
        StateHasChanged();
    }

    public async ValueTask DisposeAsync()
    {
        if (_transfer is not null)
        {
            Transfers.Abandon(_transfer);
        }

        _self?.Dispose();
        await _browser.DisposeAsync();
    }

    protected override void OnInitialized()
    {
        _nodeId = Row?.NodeId ?? (Nodes.Count > 0 ? Nodes[0].Id : default);
        _users = Row is { } row && MayStop && row.Volume.Users.Any(user => user.Running) ? UserHandling.Stop : UserHandling.Unspecified;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _self = DotNetObjectReference.Create(this);
        var token = Antiforgery.GetAntiforgeryToken()?.Value ?? "";
        _script = await _browser.CreateAsync(Script, "./Features/Volumes/Dialogs/RestoreDialog.razor.js", () => [_host, _self, token]);
        if (_script is not null)
        {
            StateHasChanged();
        }
    }

    private async Task RunAsync()
    {
        var name = Row?.Name ?? _name.Trim();
        _nameError = name.Length == 0 ? T("Write a name.") : null;
        var size = await _script!.InvokeAsync<double?>("size");
        _fileError = size is null ? T("Choose the archive of a backup.") : null;
        var identity = _identity.Trim().Length > 0 ? AgeIdentity.Parse(_identity) : null;
        var isEncrypted = size is not null && await _script!.InvokeAsync<bool>("isEncrypted");
        _identityError = identity is null && _identity.Trim().Length > 0
            ? T("This is no private key of age: one begins with AGE-SECRET-KEY-1.")
            : identity is null && isEncrypted ? T("The archive is encrypted: give the private key.")
            : identity is not null && size is not null && !isEncrypted
            ? T("The archive is not encrypted: leave the private key out.") : null;
        _error = null;
        if (_nameError is not null || _fileError is not null || _identityError is not null)
        {
            return;
        }

        _transfer = Transfers.Prepare((await Authentication).User, VolumeTransferKind.Restore, new VolumeKey(_nodeId, name));
        (_transfer.Create, _transfer.Replace, _transfer.Users, _transfer.Identity) = (Row is null, _replace, _users, identity);
        _identity = "";
        (_running, _share, _size) = (true, 0, size!.Value);
        await _script!.InvokeVoidAsync("send", VolumeTransferEndpoints.AddressOf(_transfer));
    }

    private async Task CancelAsync()
    {
        if (_running)
        {
            await _script!.InvokeVoidAsync("cancel");
        }
        else
        {
            Dialogs.Close();
        }
    }
}
