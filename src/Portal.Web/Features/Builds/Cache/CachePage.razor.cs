using Microsoft.AspNetCore.Components;
using Portal.Contracts.Builds.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Components.Shared;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Builds.Cache;

/// <summary>What a node keeps of its builds, and the ways to have less of it.</summary>
public sealed partial class CachePage
{
    private ListCacheResponse? _cache;
    private List<CacheEntry> _entries = [];
    private Guid? _asked;
    private string? _error;
    private IReadOnlyList<Guid> _shown = [];
    private bool _unchanged;

    [SupplyParameterFromQuery(Name = "node")]
    public Guid? Node { get; set; }

    [Inject]
    public required BuildCommands Builds { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string ViewPermission => PermissionNames.ImagesView;

    private IReadOnlyList<NodeState> Online => [.. Nodes.Where(node => node.Presence == NodePresence.Online)];

    private NodeState? Chosen => Online.FirstOrDefault(node => node.Id == Node) ?? Online.FirstOrDefault();

    private string Summary => _cache is null ? ""
        : Plural(_cache.Entries.Count, "{0} entry, {1}", "{0} entries, {1}", Units.Bytes(_cache.Entries.Sum(entry => entry.SizeBytes)));

    protected override void OnParametersSet() => Ask();

    protected override void OnFleetChanged()
    {
        // Counters change every two seconds; what is shown here does not depend on them.
        var online = Online.Select(node => node.Id).ToList();
        _unchanged = online.SequenceEqual(_shown);
        _shown = online;
        Ask();
    }

    protected override bool ShouldRender()
    {
        var draw = !_unchanged;
        _unchanged = false;
        return draw;
    }

    private void Ask()
    {
        if (Chosen is { } node && _asked != node.Id && RendererInfo.IsInteractive)
        {
            _asked = node.Id;
            (_cache, _unchanged) = (null, false);
            _ = ReadAsync(node.Id);
        }
    }

    private Task ChooseAsync(Guid nodeId)
    {
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("node", nodeId), replace: true);
        return Task.CompletedTask;
    }

    private async Task ReadAsync(Guid nodeId)
    {
        try
        {
            var cache = await Builds.ListCacheAsync(User, nodeId, Closed);
            if (_asked == nodeId)
            {
                (_cache, _error) = (cache, null);
                _entries = [.. cache.Entries.OrderByDescending(entry => entry.LastUsedAt).ThenByDescending(entry => entry.SizeBytes)];
            }
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _error = failure.Message;
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }

        if (!Closed.IsCancellationRequested)
        {
            _unchanged = false;
            StateHasChanged();
        }
    }

    private async Task PruneAsync()
    {
        var node = Chosen!;
        await Dialogs.OpenAsync<PruneCacheDialog>(T("Prune the build cache of {0}", node.Name), new()
        {
            [nameof(PruneCacheDialog.Node)] = node,
        });
        await ReadAsync(node.Id);
    }

    private async Task LimitAsync()
    {
        var node = Chosen!;
        await Dialogs.OpenAsync<CacheLimitsDialog>(T("Limits of the build cache of {0}", node.Name), new()
        {
            [nameof(CacheLimitsDialog.Node)] = node,
            [nameof(CacheLimitsDialog.Limits)] = _cache!.Limits,
        });
        await ReadAsync(node.Id);
    }
}
