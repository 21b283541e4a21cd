using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Containers;

namespace Portal.Web.Features.Consoles;

/// <summary>A terminal in a container. The circuit only issues the ticket; the bytes go over a WebSocket of their own.</summary>
public sealed partial class ConsoleView : IAsyncDisposable
{
    private const int SmallestFont = 9;
    private const int LargestFont = 28;
    private DotNetObjectReference<ConsoleView>? _self;
    private readonly BrowserScript _browser = new();
    private IJSObjectReference? _console;
    private ElementReference _host;
    private string _command = "";
    private string _user = "";
    private string _status = "";
    private string? _error;
    private bool _open;
    private bool _wasRunning;
    private int _fontSize = 14;

    [Parameter]
    [EditorRequired]
    public required ContainerKey Container { get; set; }

    /// <summary>False when there is nothing to connect to: the container does not run.</summary>
    [Parameter]
    public bool Running { get; set; }

    [Inject]
    public required ConsoleTickets Tickets { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    /// <summary>The program runs.</summary>
    [JSInvokable]
    public void OnOpened(IReadOnlyList<string> command)
    {
        _open = true;
        _error = null;
        _status = string.Join(' ', command);
        StateHasChanged();
    }

    /// <summary>The console is over.</summary>
    [JSInvokable]
    public void OnClosed(string message, bool failed)
    {
        _open = false;
        _status = failed ? "" : message;
        _error = failed ? message : null;
        StateHasChanged();
    }

    public async ValueTask DisposeAsync()
    {
        _self?.Dispose();
        await _browser.DisposeAsync();
    }

    protected override void OnParametersSet()
    {
        if (Running && !_wasRunning && _console is not null && !_open)
        {
            OnClosed("The container runs: connect to it.", false);
        }

        _wasRunning = Running;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _self = DotNetObjectReference.Create(this);
        var options = new { fontSize = _fontSize, screenReader = false };
        _console = await _browser.CreateAsync(Script, "./Features/Consoles/ConsoleView.razor.js", () => [_host, _self, options]);
        if (_console is null)
        {
            return;
        }

        if (Running)
        {
            await ConnectAsync();
        }
        else
        {
            OnClosed("The container does not run. Start it to open a console.", true);
        }
    }

    private async Task ConnectAsync()
    {
        var user = (await Authentication).User;
        var command = _command.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var ticket = Tickets.Issue(user, new ConsoleRequest(Container, command, _user.Trim()));
        _error = null;
        _status = "Connecting…";
        StateHasChanged();
        await _console!.InvokeVoidAsync("connect", ConsoleEndpoint.Pattern.Replace("{ticket}", ticket, StringComparison.Ordinal)[1..]);
    }

    private async Task DisconnectAsync()
    {
        await _console!.InvokeVoidAsync("disconnect");
        OnClosed("Disconnected.", false);
    }

    private async Task ResizeFontAsync(int step)
    {
        _fontSize = Math.Clamp(_fontSize + step, SmallestFont, LargestFont);
        await _console!.InvokeVoidAsync("setFontSize", _fontSize);
    }
}
