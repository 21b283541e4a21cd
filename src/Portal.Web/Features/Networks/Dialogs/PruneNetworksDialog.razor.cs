using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Networks.V1;
using Portal.Web.Components.Dialogs;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Networks.Dialogs;

/// <summary>Removes networks that no running container is on: shows first which would go.</summary>
public sealed partial class PruneNetworksDialog : IDisposable
{
    private const int MostListed = 100;
    private readonly HashSet<Guid> _chosen = [];
    private CancellationTokenSource _asking = new();
    private IReadOnlyList<NodeNetworkPrune> _prunes = [];
    private string _labels = "";
    private string _excluded = "";
    private bool _previewing = true;
    private bool _busy;
    private bool _done;

    /// <summary>Where the user may remove networks.</summary>
    [Parameter]
    [EditorRequired]
    public IReadOnlyList<NodeState> Nodes { get; set; } = [];

    /// <summary>The node that is chosen at first; null for all of them.</summary>
    [Parameter]
    public Guid? NodeId { get; set; }

    [Inject]
    public required NetworkCommands Networks { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private int Total => Listed.Count();

    private IEnumerable<(NodeNetworkPrune Prune, Network Network)> Listed =>
        _prunes.SelectMany(prune => (prune.Preview?.Networks ?? []).Select(network => (prune, network)));

    private NetworkPruneFilter Filter
    {
        get
        {
            var filter = new NetworkPruneFilter();
            filter.Labels.AddRange(Words(_labels));
            filter.ExcludedLabels.AddRange(Words(_excluded));
            return filter;
        }
    }

    public void Dispose()
    {
        _asking.Cancel();
        _asking.Dispose();
    }

    protected override Task OnInitializedAsync()
    {
        _chosen.UnionWith(Nodes.Where(node => NodeId is null || node.Id == NodeId).Select(node => node.Id));
        return PreviewAsync();
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Count(int networks) => networks == 1 ? "1 network" : $"{networks} networks";

    private Task ChangeAsync(Action change)
    {
        change();
        return PreviewAsync();
    }

    private async Task PreviewAsync()
    {
        await _asking.CancelAsync();
        _asking.Dispose();
        _asking = new CancellationTokenSource();
        var mine = _asking.Token;
        _previewing = true;
        NodeNetworkPrune[] prunes = [.. Nodes.Where(node => _chosen.Contains(node.Id)).Select(node => new NodeNetworkPrune(node))];
        var user = (await Authentication).User;
        try
        {
            var filter = Filter;
            await Task.WhenAll(prunes.Select(prune => prune.PreviewAsync(Networks, user, filter, mine)));
        }
        catch (OperationCanceledException) when (mine.IsCancellationRequested)
        {
            // Another choice was made meanwhile, or the dialog is closed.
        }

        if (!mine.IsCancellationRequested)
        {
            (_prunes, _previewing) = (prunes, false);
        }
    }

    private async Task RunAsync()
    {
        _busy = true;
        var user = (await Authentication).User;
        NodeNetworkPrune[] prunes = [.. _prunes.Where(prune => prune.Preview is { Networks.Count: > 0 })];
        var filter = Filter;
        await Task.WhenAll(prunes.Select(prune => prune.RunAsync(Networks, user, filter)));
        _prunes = prunes;
        (_busy, _done) = (false, true);
    }
}
