using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Components.Dialogs;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Pruning;

/// <summary>Removes what nothing uses from several nodes: shows first what would go and how much that frees.</summary>
public sealed partial class PruneDialog : IDisposable
{
    private const int MostListed = 100;

    private static readonly (int Hours, string Text)[] s_ages =
    [
        (0, N("At any time")), (24, N("More than a day ago")), (7 * 24, N("More than a week ago")), (30 * 24, N("More than a month ago")),
        (90 * 24, N("More than three months ago")), (365 * 24, N("More than a year ago")),
    ];

    private readonly PruneSettings _settings = new();
    private readonly HashSet<Guid> _chosen = [];
    private CancellationTokenSource _asking = new();
    private IReadOnlyList<NodePrune> _prunes = [];
    private bool _previewing = true;
    private bool _busy;
    private bool _done;

    /// <summary>What is removed.</summary>
    [Parameter]
    [EditorRequired]
    public PruneKind Kind { get; set; } = null!;

    /// <summary>Where the user may prune.</summary>
    [Parameter]
    [EditorRequired]
    public IReadOnlyList<NodeState> Nodes { get; set; } = [];

    /// <summary>The node that is chosen at first; null for all of them.</summary>
    [Parameter]
    public Guid? NodeId { get; set; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private long Bytes => _prunes.Sum(prune => prune.Preview?.Bytes ?? 0);

    private int Total => _prunes.Sum(prune => prune.Preview?.Items.Count ?? 0);

    private int Unmeasured => _prunes.Sum(prune => prune.Preview?.Unmeasured ?? 0);

    private bool HasWork => _prunes.Any(prune => prune.Preview is { HasWork: true });

    private IEnumerable<(NodePrune Prune, PruneItem Item)> Listed =>
        _prunes.SelectMany(prune => (prune.Preview?.Items ?? []).Select(item => (prune, item)));

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
        var plan = Kind.Plan(_settings, Time.GetUtcNow());
        NodePrune[] prunes = [.. Nodes.Where(node => _chosen.Contains(node.Id)).Select(node => new NodePrune(node, plan))];
        var user = (await Authentication).User;
        try
        {
            await Task.WhenAll(prunes.Select(prune => prune.PreviewAsync(user, mine)));
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
        NodePrune[] prunes = [.. _prunes.Where(prune => prune.Preview is { HasWork: true })];
        await Task.WhenAll(prunes.Select(prune => prune.RunAsync(user)));
        _prunes = prunes;
        (_busy, _done) = (false, true);
    }
}
