using Portal.Engine.Archives;
using Portal.Engine.Builds.Execution.States;
using Portal.Engine.Content;
using Portal.Engine.Images.Committing;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Installing;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>Makes layers of what is copied: the archive goes straight into the content store, and from there into a snapshot.</summary>
internal sealed class CopyLayers(ContentStore content, LayerInstaller installer, ISnapshotter snapshotter)
{
    private const int BufferSize = 256 * 1024;

    public long SizeOf(StageLayer layer) => snapshotter.GetLayerSize(layer.ChainId.ToString());

    /// <returns>The layer, held by the lease; null when there is nothing in it.</returns>
    public async Task<StageLayer?> MakeAsync(
        IEnumerable<CopyItem> items, Digest? parent, ContentLease lease, CancellationToken cancellationToken)
    {
        using var writer = content.BeginWrite();
        var output = new BlobOutput(writer);
        await using (output.ConfigureAwait(false))
        {
            var buffered = new BufferedStream(output, BufferSize);
            await using (buffered.ConfigureAwait(false))
            {
                if (!await WriteAsync(items, new TarOutput(buffered), cancellationToken).ConfigureAwait(false))
                {
                    return null;
                }
            }

            var diffId = writer.Commit(onDigest: lease.Hold);
            return await InstallAsync(diffId, parent, lease, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Puts a layer whose archive is in the content store on top of others.</summary>
    public async Task<StageLayer> InstallAsync(Digest diffId, Digest? parent, ContentLease lease, CancellationToken cancellationToken)
    {
        var chainId = Digest.Chain(parent, diffId);
        await lease.HoldLayersAsync([chainId], cancellationToken).ConfigureAwait(false);
        var blob = content.FindBlob(diffId) ?? diffId;
        lease.Hold(blob);
        var described = await BlobDescription.OfLayerAsync(content, blob, cancellationToken).ConfigureAwait(false);
        var plan = new LayerPlan(diffId, chainId, parent, described);
        if (installer.FindInstalled(plan) is null)
        {
            await installer.InstallAsync(plan, blob, _ => { }, cancellationToken).ConfigureAwait(false);
        }

        return new StageLayer(diffId, chainId, blob);
    }

    private static async Task<bool> WriteAsync(IEnumerable<CopyItem> items, TarOutput tar, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var any = false;
        foreach (var item in items)
        {
            any = true;
            await tar.BeginAsync(item.Entry, cancellationToken).ConfigureAwait(false);
            if (item.Entry.Kind != TarEntryKind.File)
            {
                continue;
            }

            var source = item.Tree!.OpenRead(item.Source!);
            await using (source.ConfigureAwait(false))
            {
                for (var left = item.Entry.Size; left > 0;)
                {
                    var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken)
                        .ConfigureAwait(false);
                    if (read == 0)
                    {
                        throw new IOException($"'{item.Entry.Path}' became shorter while it was copied.");
                    }

                    await tar.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                    left -= read;
                }
            }
        }

        await tar.FinishAsync(cancellationToken).ConfigureAwait(false);
        return any;
    }
}
