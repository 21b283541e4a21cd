using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Containers;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Consoles;

/// <summary>
/// A terminal at a console in a container or on a node. The circuit only issues tickets; the bytes go over a WebSocket of their own. The console lives on
/// the node: leaving the page leaves it running, coming back resumes it.
/// </summary>
public sealed partial class ConsoleView : IAsyncDisposable
{
    private DotNetObjectReference<ConsoleView>? _self;
    private readonly BrowserScript _browser = new();
    private IJSObjectReference? _console;
    private ElementReference _host;
    private ElementReference _view;
    private IReadOnlyList<ConsoleInfo> _consoles = [];
    private IReadOnlyList<string> _shells = ["bash", "sh", "ash"];
    private ConsoleNews? _news;
    private ClaimsPrincipal _person = new();
    private string _userId = "";
    private string _command = "";
    private string _user = "";
    private string _name = "";
    private string _directory = "";
    private string _environment = "";
    private string _status = "";
    private string? _error;
    private bool _attach;
    private bool _more;
    private bool _open;
    private bool _mayType = true;
    private bool _mayShare;
    private bool _watch;
    private bool _wasRunning;

    /// <summary>Where; one without an id stands for its node itself.</summary>
    [Parameter]
    [EditorRequired]
    public required ContainerKey Container { get; set; }

    /// <summary>False when there is nothing to connect to: the container does not run.</summary>
    [Parameter]
    public bool Running { get; set; }

    /// <summary>The console to look at, by its id; null for the newest of one's own, or a new one.</summary>
    [Parameter]
    public string? Console { get; set; }

    [Inject]
    public required ConsoleTickets Tickets { get; init; }

    [Inject]
    public required NodeConsoles Consoles { get; init; }

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private bool IsOnNode => Container.Id.Length == 0;

    private IEnumerable<ConsoleInfo> Others =>
        _consoles.Where(console => console.Exited is null && (console.OwnerId == _userId || console.Sharing != ConsoleSharing.None));

    private bool MayEnd => _consoles.Any(console => console.Id == _news?.Id && console.OwnerId == _userId);

    /// <summary>The program runs, and its terminal shows it.</summary>
    [JSInvokable]
    public async Task OnOpened(ConsoleNews news, IReadOnlyList<string> command, bool mayType)
    {
        (_open, _error, _news, _mayType) = (true, null, news, mayType);
        _status = string.Join(' ', command);
        await ListAsync();
        StateHasChanged();
    }

    /// <summary>Its name, its sharing or its viewers changed.</summary>
    [JSInvokable]
    public void OnChanged(ConsoleNews news)
    {
        _news = news;
        StateHasChanged();
    }

    /// <summary>The way to the console is gone; the console is not.</summary>
    [JSInvokable]
    public void OnInterrupted()
    {
        _status = T("The connection is interrupted. The console runs on; connecting again…");
        StateHasChanged();
    }

    /// <summary>A ticket to go on where the terminal stands.</summary>
    [JSInvokable]
    public async Task<string> OnResume(string console, long position) => Address(
        await TicketAsync(new ConsoleRequest(Container, [], "") { Join = console, Position = position, Watch = _watch }));

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
            OnClosed(T("The container runs: connect to it."), false);
        }

        _wasRunning = Running;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            await FocusSearchAsync();
            return;
        }

        _person = (await Authentication).User;
        _userId = _person.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";
        _mayShare = await Authorizer.IsAllowedAsync(
            _person, PermissionNames.ConsolesShare, AccessScope.Node(Container.NodeId), CancellationToken.None);
        _mayFiles = !IsOnNode && await Authorizer.IsAllowedAsync(
            _person, PermissionNames.ContainersFiles, AccessScope.Node(Container.NodeId), CancellationToken.None);
        _self = DotNetObjectReference.Create(this);
        var options = new { screenReader = false };
        _console = await _browser.CreateAsync(Script, "./Features/Consoles/ConsoleView.razor.js", () => [_host, _self, options]);
        if (_console is null)
        {
            return;
        }

        await ListAsync();
        var wanted = Console ?? Others.FirstOrDefault(console => console.OwnerId == _userId)?.Id;
        if (wanted is { Length: > 0 })
        {
            await JoinAsync(wanted);
        }
        else if (Running)
        {
            await StartAsync();
        }
        else
        {
            OnClosed(T("The container does not run. Start it to open a console."), true);
        }

        await FindShellsAsync();
    }

    private async Task StartAsync()
    {
        _watch = false;
        await ConnectAsync(new ConsoleRequest(Container, Words(_command), _user.Trim())
        {
            Name = _name.Trim(),
            WorkingDirectory = _directory.Trim(),
            Environment = Words(_environment),
            Attach = _attach,
        });
    }

    private Task JoinAsync(string console)
    {
        // Somebody else's is looked at with its own size; who may type in it takes part.
        _watch = _consoles.FirstOrDefault(known => known.Id == console) is { } other
            && other.OwnerId != _userId && other.Sharing != ConsoleSharing.Write;
        return ConnectAsync(new ConsoleRequest(Container, [], "") { Join = console, Watch = _watch });
    }

    private async Task ConnectAsync(ConsoleRequest request)
    {
        var ticket = await TicketAsync(request);
        (_error, _news, _status) = (null, null, T("Connecting…"));
        StateHasChanged();
        await _console!.InvokeVoidAsync("connect", Address(ticket), false);
    }

    private async Task<string> TicketAsync(ConsoleRequest request) => Tickets.Issue((await Authentication).User, request);

    private static string Address(string ticket) =>
        ConsoleEndpoint.Pattern.Replace("{ticket}", ticket, StringComparison.Ordinal)[1..];

    private async Task ChooseAsync(ChangeEventArgs change)
    {
        var chosen = change.Value as string ?? "";
        await (chosen.Length > 0 ? JoinAsync(chosen) : StartAsync());
    }

    private async Task EndAsync()
    {
        if (_consoles.FirstOrDefault(console => console.Id == _news?.Id) is { } console)
        {
            await TryAsync(() => Consoles.EndAsync(_person, Container.NodeId, console, CancellationToken.None));
            await ListAsync();
        }
    }

    private async Task ShareAsync(ChangeEventArgs change)
    {
        if (_consoles.FirstOrDefault(console => console.Id == _news?.Id) is { } console
            && Enum.TryParse<ConsoleSharing>(change.Value as string, out var sharing))
        {
            await TryAsync(() => Consoles.UpdateAsync(_person, Container.NodeId, console, console.Name, sharing, CancellationToken.None));
        }
    }

    private async Task ListAsync()
    {
        try
        {
            _consoles = await Consoles.ListAsync(_person, Container.NodeId, Container, CancellationToken.None);
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            // The terminal says what is wrong, if anything is.
            _consoles = [];
        }
    }

    private async Task FindShellsAsync()
    {
        if (IsOnNode || !Running)
        {
            return;
        }

        try
        {
            if (await Consoles.ListShellsAsync(_person, Container, CancellationToken.None) is { Count: > 0 } found)
            {
                _shells = found;
                StateHasChanged();
            }
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            // The usual ones are offered.
        }
    }

    private async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _error = failure.Message;
        }
    }

    private async Task ResizeFontAsync(int step) => await _console!.InvokeVoidAsync("resizeFont", step);

    private static string[] Words(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
