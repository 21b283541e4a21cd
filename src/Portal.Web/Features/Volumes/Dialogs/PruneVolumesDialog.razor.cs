using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Volumes.V1;
using Portal.Web.Components.Dialogs;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Volumes.Dialogs;

/// <summary>Removes volumes that nothing uses: shows first which would go and how much that frees.</summary>
public sealed partial class PruneVolumesDialog : IDisposable
{
    private const int MostListed = 100;
    private readonly HashSet<Guid> _chosen = [];
    private CancellationTokenSource _asking = new();
    private IReadOnlyList<NodeVolumePrune> _prunes = [];
    private string _labels = "";
    private string _excluded = "";
    private bool _all;
    private bool _previewing = true;
    private bool _busy;
    private bool _done;

    /// <summary>Where the user may remove volumes.</summary>
    [Parameter]
    [EditorRequired]
    public IReadOnlyList<NodeState> Nodes { get; set; } = [];

    /// <summary>The node that is chosen at first; null for all of them.</summary>
    [Parameter]
    public Guid? NodeId { get; set; }

    [Inject]
    public required VolumeCommands Volumes { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private int Total => Listed.Count();

    private int Unmeasured => _prunes.Sum(prune => prune.Preview?.Unmeasured ?? 0);

    private IEnumerable<(NodeVolumePrune Prune, Volume Volume)> Listed =>
        _prunes.SelectMany(prune => (prune.Preview?.Volumes ?? []).Select(volume => (prune, volume)));

    private VolumePruneFilter Filter
    {
        get
        {
            var filter = new VolumePruneFilter { All = _all };
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

    private static string Count(int volumes) => volumes == 1 ? "1 volume" : $"{volumes} volumes";

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
        NodeVolumePrune[] prunes = [.. Nodes.Where(node => _chosen.Contains(node.Id)).Select(node => new NodeVolumePrune(node))];
        var user = (await Authentication).User;
        try
        {
            var filter = Filter;
            await Task.WhenAll(prunes.Select(prune => prune.PreviewAsync(Volumes, user, filter, mine)));
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
        NodeVolumePrune[] prunes = [.. _prunes.Where(prune => prune.Preview is { Volumes.Count: > 0 })];
        var filter = Filter;
        await Task.WhenAll(prunes.Select(prune => prune.RunAsync(Volumes, user, filter)));
        _prunes = prunes;
        (_busy, _done) = (false, true);
    }
}
