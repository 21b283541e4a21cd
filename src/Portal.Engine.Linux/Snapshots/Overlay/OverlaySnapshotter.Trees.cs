using Portal.Engine.Archives;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Trees;
using Portal.Engine.Trees;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>Roots and layers as archives.</summary>
internal sealed partial class OverlaySnapshotter
{
    // What an archive is written in: headers are small.
    private const int OutputBuffer = 256 * 1024;

    public IEnumerable<TreeChange> ListChanges(string rootId)
    {
        using var upper = FileCalls.OpenFolder(_roots.UpperOf(rootId));
        using var below = LowerView.Open(_paths, _layers, _roots.ChainOf(rootId));
        foreach (var change in new TreeComparer(upper, below).Compare())
        {
            yield return change;
        }
    }

    public async Task<LayerDiff> WriteDiffAsync(
        string rootId, Stream output, bool wasRun, CancellationToken cancellationToken = default)
    {
        using var upper = FileCalls.OpenFolder(_roots.UpperOf(rootId));
        using var below = LowerView.Open(_paths, _layers, _roots.ChainOf(rootId));
        var form = new TreeForm { IsLayer = true, Below = below, OmitsMountPoints = wasRun, MaxBytes = _limits.MaxBytes };
        return await WriteAsync(output, form, archiver => archiver.WriteRootAsync(upper, cancellationToken)).ConfigureAwait(false);
    }

    public async Task WriteLayerAsync(string chainId, Stream output, CancellationToken cancellationToken = default)
    {
        using var folder = FileCalls.OpenFolder(_layers.DiffPath(_layers.Get(chainId)));
        var form = new TreeForm { IsLayer = true, MaxBytes = _limits.MaxBytes };
        await WriteAsync(output, form, archiver => archiver.WriteRootAsync(folder, cancellationToken)).ConfigureAwait(false);
    }

    public async Task PromoteAsync(
        string rootId, string chainId, string diffId, long size, CancellationToken cancellationToken = default)
    {
        using (await _locks.AcquireAsync(chainId, cancellationToken).ConfigureAwait(false))
        using (await _locks.AcquireAsync(rootId, cancellationToken).ConfigureAwait(false))
        {
            if (!HasLayer(chainId))
            {
                _roots.Unmount(rootId);
                var staging = Path.Combine(_paths.Staging, _layers.NewShortId());
                Directory.CreateDirectory(staging);
                Directory.Move(_roots.UpperOf(rootId), LayerTable.StagedDiff(staging));
                _layers.Commit(staging, new LayerRecord
                {
                    ChainId = chainId, Parent = _roots.ChainOf(rootId), DiffId = diffId, Size = size, BootId = "",
                    Unpacked = _time.GetUtcNow(),
                });
            }

            _roots.Discard(rootId);
        }

        _trash.Empty();
    }

    internal static async Task<LayerDiff> WriteAsync(
        Stream output, TreeForm form, Func<TreeArchiver, Task<LayerDiff>> write)
    {
        // Off the caller's thread: looking at a tree is all system calls that don't wait.
        return await Task.Run(async () =>
        {
            var buffered = new BufferedStream(output, OutputBuffer);
            using var archiver = new TreeArchiver(new TarOutput(buffered), form);
            try
            {
                var diff = await write(archiver).ConfigureAwait(false);
                await buffered.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                return diff;
            }
            catch (FileCallException failure)
            {
                throw new EngineException(
                    EngineErrorKind.Internal, $"Reading the files failed: {failure.Message}.", failure);
            }
        }).ConfigureAwait(false);
    }

    public IReadOnlyDictionary<string, string> OfContainer(string containerId)
    {
        try
        {
            return _roots.FoldersOf(containerId);
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
        {
            return new Dictionary<string, string>();
        }
    }

    public IReadOnlyDictionary<string, string> OfLayers(string chainId)
    {
        var paths = PathsOfLayers(chainId);
        var folders = new Dictionary<string, string>();
        if (paths.Count > 0)
        {
            folders["UpperDir"] = paths[0];
        }

        if (paths.Count > 1)
        {
            folders["LowerDir"] = string.Join(':', paths.Skip(1));
        }

        return folders;
    }

    public IReadOnlyList<string> PathsOfLayers(string chainId) =>
    [
        .. _layers.Lineage(chainId)
            .Select(id => _layers.All.GetValueOrDefault(id))
            .OfType<LayerRecord>()
            .Select(_layers.DiffPath),
    ];
}
