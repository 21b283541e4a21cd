using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Consoles;
using Portal.Web.Access;
using Portal.Web.Components.Shared;

namespace Portal.Web.Features.Consoles.Recordings;

/// <summary>Replays a console. The recording goes to the browser as a file; the circuit draws nothing of it.</summary>
public sealed partial class RecordingPage : IAsyncDisposable
{
    private readonly BrowserScript _browser = new();
    private RecordedConsole? _console;
    private ElementReference _host;
    private bool _known;
    private bool _shown;

    [Parameter]
    public Guid ConsoleId { get; set; }

    [Inject]
    public required RecordedConsoles Recordings { get; init; }

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        var found = await Recordings.FindAsync(ConsoleId, CancellationToken.None);
        var allowed = found is not null && await Authorizer.IsAllowedAsync(
            (await Authentication).User, PermissionNames.ConsolesReplay, AccessScope.Node(found.NodeId), CancellationToken.None);
        (_console, _known) = (allowed ? found : null, true);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_console is not null && !_shown)
        {
            _shown = true;
            await _browser.CreateAsync(
                Script, "./Features/Consoles/Recordings/RecordingPage.razor.js", () => [_host, $"api/v1/consoles/recordings/{ConsoleId}"]);
        }
    }

    public ValueTask DisposeAsync() => _browser.DisposeAsync();
}
