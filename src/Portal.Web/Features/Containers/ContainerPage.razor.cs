using Microsoft.AspNetCore.Components;
using Portal.Contracts.Hubs;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Containers;

/// <summary>One container: what it is, what can be done with it, and its log, charts, console, processes and settings.</summary>
public sealed partial class ContainerPage : IAsyncDisposable
{
    private static readonly (string Name, string Title)[] s_tabs =
    [
        ("logs", "Logs"), ("stats", "Stats"), ("console", "Console"), ("processes", "Processes"), ("inspect", "Inspect"),
    ];

    private readonly CancellationTokenSource _watching = new();
    private NodeState? _node;
    private ContainerView? _view;
    private bool _known;

    [Parameter]
    public Guid NodeId { get; set; }

    [Parameter]
    public string Id { get; set; } = "";

    [Parameter]
    public string? Tab { get; set; }

    [Inject]
    public required IFleet Fleet { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    private string Current => s_tabs.Any(tab => tab.Name == Tab) ? Tab! : "logs";

    private ContainerKey Key => new(NodeId, _view!.Id, _view.Name);

    public async ValueTask DisposeAsync()
    {
        await _watching.CancelAsync();
        _watching.Dispose();
    }

    protected override void OnParametersSet() => Show(Fleet.Current);

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
                await InvokeAsync(() =>
                {
                    if (Show(fleet))
                    {
                        StateHasChanged();
                    }
                });
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }

    // Counters change every two seconds, this container rarely: only then is the page drawn again.
    private bool Show(FleetState fleet)
    {
        var node = fleet.Nodes.GetValueOrDefault(NodeId);
        var view = node?.Containers.GetValueOrDefault(Id);
        var changed = !ReferenceEquals(view, _view) || node?.Presence != _node?.Presence || node?.Name != _node?.Name;
        _node = node;
        _view = view;
        _known = node is not null && node.Presence == NodePresence.Online;
        return changed || view is null;
    }

    private void OnRemoved() => Navigation.NavigateTo("containers");
}
