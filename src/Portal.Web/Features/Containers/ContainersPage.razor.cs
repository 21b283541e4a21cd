using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Hubs;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Containers;

/// <summary>All containers on all nodes that the user may see, live. What is searched for stands in the address.</summary>
public sealed partial class ContainersPage : IAsyncDisposable
{
    private static readonly string[] s_states = ["running", "paused", "restarting", "exited", "created"];
    private readonly CancellationTokenSource _watching = new();
    private IReadOnlyList<NodeState> _nodes = [];
    private List<Row>? _rows;
    private EffectiveAccess _access = EffectiveAccess.None;
    private int _total;
    private int _running;
    private bool _mayCreate;

    [SupplyParameterFromQuery(Name = "q")]
    public string? Search { get; set; }

    [SupplyParameterFromQuery(Name = "state")]
    public string? State { get; set; }

    [SupplyParameterFromQuery(Name = "node")]
    public string? Node { get; set; }

    [Inject]
    public required IFleet Fleet { get; init; }

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string Summary => _rows is null ? "" : $"{_running} running, {_total} in all";

    public async ValueTask DisposeAsync()
    {
        await _watching.CancelAsync();
        _watching.Dispose();
    }

    protected override async Task OnParametersSetAsync() => await ShowAsync(Fleet.Current);

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = WatchAsync(_watching.Token);
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var fleet in Fleet.WatchAsync(cancellationToken))
            {
                await InvokeAsync(async () =>
                {
                    await ShowAsync(fleet);
                    StateHasChanged();
                });
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }

    private async Task ShowAsync(FleetState fleet)
    {
        var access = _access = await Authorizer.ReadAccessAsync((await Authentication).User, CancellationToken.None);
        _nodes = [.. fleet.Nodes.Values
            .Where(node => access.Allows(PermissionNames.ContainersView, AccessScope.Node(node.Id)))
            .OrderBy(node => node.Name, StringComparer.OrdinalIgnoreCase)];
        var all = _nodes.SelectMany(node => node.Containers.Values.Select(container => new Row(node, container))).ToList();
        _total = all.Count;
        _running = all.Count(row => ContainerStatus.IsRunning(row.Container) && !row.Stale);
        _mayCreate = access.AllowsSomewhere(PermissionNames.ContainersCreate);
        _rows = [.. all
            .Where(row => string.IsNullOrEmpty(State) || row.Container.State == State)
            .Where(row => string.IsNullOrEmpty(Node) || row.NodeName == Node)
            .Where(row => row.Matches(Search))
            .OrderBy(row => row.Container.Name, StringComparer.OrdinalIgnoreCase)];
    }

    private Task FilterAsync(string? search, string? state, string? node)
    {
        var address = Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            ["q"] = string.IsNullOrWhiteSpace(search) ? null : search,
            ["state"] = string.IsNullOrEmpty(state) ? null : state,
            ["node"] = string.IsNullOrEmpty(node) ? null : node,
        });
        Navigation.NavigateTo(address, replace: true);
        return Task.CompletedTask;
    }

    private sealed class Row(NodeState node, ContainerView container)
    {
        public ContainerView Container { get; } = container;

        public ContainerKey Key { get; } = new(node.Id, container.Id, container.Name);

        public string NodeName { get; } = node.Name;

        /// <summary>The node is away: this is how it stood when it was last heard of.</summary>
        public bool Stale { get; } = node.Presence == NodePresence.Offline;

        public string Href => $"nodes/{Key.NodeId}/containers/{Container.Id}";

        public string? Hint => Stale
            ? $"As last heard; '{NodeName}' is offline."
            : Container.Error.Length > 0 ? Container.Error : null;

        public bool Matches(string? search) =>
            string.IsNullOrWhiteSpace(search)
            || Has(Container.Name, search)
            || Has(Container.Image, search)
            || Container.Id.StartsWith(search, StringComparison.OrdinalIgnoreCase)
            || Container.Ports.Any(port => Has(port, search))
            || Container.Labels.Any(label => Has($"{label.Key}={label.Value}", search));

        private static bool Has(string text, string search) => text.Contains(search, StringComparison.OrdinalIgnoreCase);
    }
}
