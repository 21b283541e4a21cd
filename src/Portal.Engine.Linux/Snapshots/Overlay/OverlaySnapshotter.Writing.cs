using Portal.Engine.Linux.Interop.Folders;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <content>Layers that are unpacked while they are written.</content>
internal sealed partial class OverlaySnapshotter : ILayerWriting
{
    public async Task UnpackNewAsync(
        string? parentChainId, Stream tar, Func<string, Task<string>> nameAsync, CancellationToken cancellationToken = default)
    {
        await _trash.WaitWhenScarceAsync(cancellationToken).ConfigureAwait(false);
        var staging = Path.Combine(_paths.Staging, _layers.NewShortId());
        try
        {
            var diff = MakeStaged(staging);
            var (diffId, size) = await LayerUnpacker.UnpackAsync(diff, null, tar, _limits, cancellationToken).ConfigureAwait(false);
            var chainId = await nameAsync(diffId).ConfigureAwait(false);
            using var held = await _locks.AcquireAsync(chainId, cancellationToken).ConfigureAwait(false);
            if (_layers.All.ContainsKey(chainId))
            {
                FolderTree.Remove(staging, Trash.Workers, CancellationToken.None);
                return;
            }

            _layers.Commit(staging, NewLayer(chainId, parentChainId, diffId, size));
        }
        catch
        {
            // Not into the trash: when the disk is full, who hears of it may count on what this took.
            FolderTree.Remove(staging, Trash.Workers, CancellationToken.None);
            throw;
        }
    }

    private static string MakeStaged(string staging)
    {
        var diff = LayerTable.StagedDiff(staging);
        Directory.CreateDirectory(diff);
        File.SetUnixFileMode(diff, (UnixFileMode)0x1ED); // 0755, unless the archive says otherwise
        return diff;
    }

    private LayerRecord NewLayer(string chainId, string? parentChainId, string diffId, long size) => new()
    {
        ChainId = chainId, Parent = parentChainId, DiffId = diffId, Size = size, BootId = "", Unpacked = _time.GetUtcNow(),
    };
}
