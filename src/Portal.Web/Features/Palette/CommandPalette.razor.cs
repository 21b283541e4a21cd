using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Components.Layout;
using Portal.Web.Features.Containers;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Stacks;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Palette;

/// <summary>
/// Opened with Ctrl+K on every page: goes to any page, node or container, and does what needs no questions. Beside it the sheet of the
/// keyboard's shortcuts. <c>palette.js</c> opens both and moves the selection; nothing of that waits for the portal.
/// </summary>
public sealed partial class CommandPalette
{
    private IReadOnlyList<PaletteEntry> _entries = [];
    private IReadOnlyList<PageLink> _pages = [];
    private IReadOnlyList<Stack> _stacks = [];
    private string _query = "";
    private string _answered = "";

    [Inject]
    public required IFleet Fleet { get; init; }

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required ContainerCommands Commands { get; init; }

    [Inject]
    internal StackDirectory Stacks { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        var access = await Authorizer.ReadAccessAsync((await Authentication).User, CancellationToken.None);
        _pages = [.. PortalPages.For(access).SelectMany(group => group.Pages)];
    }

    // The browser raises this also when the palette is opened: which stacks there are is read then, what may be seen of them each time.
    private async Task FindAsync(ChangeEventArgs change)
    {
        var query = _query = change.Value as string ?? "";
        EffectiveAccess access;
        try
        {
            var user = (await Authentication).User;
            access = await Authorizer.ReadAccessAsync(user, CancellationToken.None);
            _stacks = query.Length == 0 ? await Stacks.ListAsync(user, CancellationToken.None) : _stacks;
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            Dialogs.Failed(T("Nothing can be looked up now"), T("The portal's database does not answer. Try again in a moment."));
            return;
        }

        // Who types on is answered for what stands there last.
        if (query == _query)
        {
            _entries = new PaletteSearch(Fleet.Current, _stacks, access).Find(query);
            _answered = query;
        }
    }

    private async Task RunAsync(PaletteEntry entry)
    {
        if (entry.Change is not var (verb, container))
        {
            return;
        }

        try
        {
            await CommandFor(verb)((await Authentication).User, container, CancellationToken.None);
            Dialogs.Done(Done(verb, container.Name));
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            Dialogs.Failed(T("{0} failed", entry.Title), failure.Message);
        }
    }

    private Func<ClaimsPrincipal, ContainerKey, CancellationToken, Task> CommandFor(ContainerVerb verb) => verb switch
    {
        ContainerVerb.Start => Commands.StartAsync,
        ContainerVerb.Unpause => Commands.UnpauseAsync,
        ContainerVerb.Restart => Commands.RestartAsync,
        ContainerVerb.Stop => Commands.StopAsync,
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, null),
    };

    private static string Done(ContainerVerb verb, string name) => verb switch
    {
        ContainerVerb.Start => T("{0}: started.", name),
        ContainerVerb.Unpause => T("{0}: unpaused.", name),
        ContainerVerb.Restart => T("{0}: restarted.", name),
        ContainerVerb.Stop => T("{0}: stopped.", name),
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, null),
    };

    private static Dictionary<string, object>? BrowserAttributes(PaletteEntry entry) =>
        entry.BrowserAction is { } action ? new() { [action] = true } : null;
}
