using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Components;

/// <summary>
/// A page or part of one that shows nodes live: it holds those that the user may see, sorted by name, and draws again after each change.
/// </summary>
/// <remarks>One subscription while the page is open, none while it is only prerendered.</remarks>
public abstract class FleetComponent : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan s_accessAge = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _closed = new();
    private Task _watching = Task.CompletedTask;
    private long _accessRead;

    protected FleetComponent() => Closed = _closed.Token;

    [Inject]
    public required IFleet Fleet { get; init; }

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    /// <summary>Ends when the page is left.</summary>
    /// <remarks>
    /// Taken from its source once, since that is gone when the page was left before it was ready: whoever goes on quickly must not see the
    /// next page fail for the one before.
    /// </remarks>
    protected CancellationToken Closed { get; }

    protected ClaimsPrincipal User { get; private set; } = new();

    /// <summary>For what to show; what is done is decided by <see cref="IAuthorizer.EnsureAsync"/>.</summary>
    protected EffectiveAccess Access { get; private set; } = EffectiveAccess.None;

    /// <summary>What the user may see, by name.</summary>
    protected IReadOnlyList<NodeState> Nodes { get; private set; } = [];

    /// <summary>What a node needs to be shown here.</summary>
    protected virtual string ViewPermission => PermissionNames.NodesView;

    protected override async Task OnInitializedAsync()
    {
        User = (await Authentication).User;
        await ReadAccessAsync();
        Apply(Fleet.Current);
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _watching = WatchAsync();
        }
    }

    /// <summary>Called on the page's own context before it draws, when <see cref="Nodes"/> is new.</summary>
    protected virtual void OnFleetChanged()
    {
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _watching;
        _closed.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task WatchAsync()
    {
        try
        {
            await foreach (var state in Fleet.WatchAsync(Closed))
            {
                await InvokeAsync(() => UpdateAsync(state));
            }
        }
        catch (OperationCanceledException) when (Closed.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception failure)
        {
            await DispatchExceptionAsync(failure);
        }
    }

    private async Task UpdateAsync(FleetState state)
    {
        if (Time.GetElapsedTime(_accessRead) >= s_accessAge)
        {
            try
            {
                await ReadAccessAsync();
            }
            catch (Exception failure) when (failure.IsDatabaseAway())
            {
                // While the database is away no grant changes either: what was allowed to be seen stays until it is back.
            }
        }

        Apply(state);
        StateHasChanged();
    }

    private async Task ReadAccessAsync()
    {
        Access = await Authorizer.ReadAccessAsync(User, Closed);
        _accessRead = Time.GetTimestamp();
    }

    private void Apply(FleetState state)
    {
        Nodes = [.. state.Nodes.Values
            .Where(node => Access.Allows(ViewPermission, AccessScope.Node(node.Id)))
            .OrderBy(node => node.Name, StringComparer.OrdinalIgnoreCase)];
        OnFleetChanged();
    }
}
