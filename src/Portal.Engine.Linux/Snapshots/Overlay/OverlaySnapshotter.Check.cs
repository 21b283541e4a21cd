using System.Globalization;
using Portal.Engine.Linux.Interop.Folders;

namespace Portal.Engine.Linux.Snapshots.Overlay;

// Comparing what is on the disk with its records.
internal sealed partial class OverlaySnapshotter
{
    public Task<string?> CheckLayerAsync(string chainId, CancellationToken cancellationToken = default) =>
        Task.Run(() => _layers.All.TryGetValue(chainId, out var layer) ? FindProblem(layer) : null, cancellationToken);

    public async Task<bool> TryDiscardLayerAsync(string chainId, CancellationToken cancellationToken = default)
    {
        using (await HoldRemovalAsync(cancellationToken).ConfigureAwait(false))
        {
            var inUse = _roots.UsedChainIds().SelectMany(_layers.Lineage);
            if (inUse.Contains(chainId))
            {
                return false;
            }

            if (_layers.All.TryGetValue(chainId, out var layer))
            {
                _layers.Discard(layer);
            }
        }

        _trash.Empty();
        return true;
    }

    public IReadOnlyDictionary<string, string> CheckRoots()
    {
        var problems = new Dictionary<string, string>();
        foreach (var id in _roots.List())
        {
            if (_roots.FindProblem(id) is { } problem)
            {
                problems[id] = problem;
            }
        }

        return problems;
    }

    private string? FindProblem(LayerRecord layer)
    {
        if (_layers.FindProblem(layer) is { } problem)
        {
            return problem;
        }

        long? size;
        try
        {
            size = FolderTree.TryMeasureFiles(_layers.DiffPath(layer));
        }
        catch (IOException failure)
        {
            // A collection may have taken it away meanwhile.
            return _layers.IsHere(layer) ? $"The layer {layer.ChainId} can't be read: {failure.Message}." : null;
        }

        return size is null || size == layer.Size || !_layers.IsHere(layer)
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The layer {layer.ChainId} is damaged: its files hold {size} bytes where {layer.Size} were unpacked.");
    }
}
