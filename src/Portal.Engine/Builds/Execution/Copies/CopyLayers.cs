using System.IO.Pipelines;
using System.Runtime.ExceptionServices;
using Portal.Engine.Archives;
using Portal.Engine.Builds.Execution.States;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Installing;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>Makes layers of what is copied: the archive goes straight into the content store, and from there into a snapshot.</summary>
internal sealed class CopyLayers(
    ContentStore content, LayerInstaller installer, ISnapshotter snapshotter, ILayerWriting layers)
{
    private const int BufferSize = 256 * 1024;

    // What may be written ahead of unpacking.
    private static readonly PipeOptions s_pipe = new(
        pauseWriterThreshold: 8 << 20, resumeWriterThreshold: 4 << 20, minimumSegmentSize: BufferSize, useSynchronizationContext: false);

    public long SizeOf(StageLayer layer) => snapshotter.GetLayerSize(layer.ChainId.ToString());

    /// <returns>The layer, held by the lease; null when there is nothing in it.</returns>
    public async Task<StageLayer?> MakeAsync(
        IEnumerable<CopyItem> items, Digest? parent, ContentLease lease, CancellationToken cancellationToken)
    {
        if (!items.Any())
        {
            return null;
        }

        // What is written goes to the blob and, at the same time, into the layer: neither waits for the other's disk. Who unpacks it
        // hashes it.
        using var writer = content.BeginWrite(isHashed: false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe = new Pipe(s_pipe);
        var places = new ContentPlaces();
        var unpacking = Task.Run(() => UnpackAsync(pipe.Reader, parent, lease, places, stop), CancellationToken.None);
        try
        {
            var output = new LayerOutput(writer, pipe.Writer);
            await using (output.ConfigureAwait(false))
            {
                var buffered = new BufferedStream(output, BufferSize);
                await using (buffered.ConfigureAwait(false))
                {
                    await WriteAsync(items, new TarOutput(buffered), places, stop.Token).ConfigureAwait(false);
                }
            }

            await pipe.Writer.CompleteAsync().ConfigureAwait(false);
            var (diffId, chainId) = await unpacking.ConfigureAwait(false);
            var blob = writer.Commit(diffId, onDigest: lease.Hold);
            content.NoteDiffId(diffId, blob);
            return new StageLayer(diffId, chainId, blob);
        }
        catch (Exception failure)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await pipe.Writer.CompleteAsync(failure).ConfigureAwait(false);
            await ((Task)unpacking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // Writing that was stopped because unpacking failed has nothing to say.
            if (unpacking.Exception?.GetBaseException() is EngineException reason && !cancellationToken.IsCancellationRequested)
            {
                ExceptionDispatchInfo.Throw(reason);
            }

            throw;
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

    private async Task<(Digest DiffId, Digest ChainId)> UnpackAsync(
        PipeReader reader, Digest? parent, ContentLease lease, ContentPlaces places, CancellationTokenSource stop)
    {
        Digest diffId = default, chainId = default;
        try
        {
            var tar = reader.AsStream(leaveOpen: true);
            await using (tar.ConfigureAwait(false))
            {
                await layers.UnpackNewAsync(parent?.ToString(), tar, NameAsync, places.Take, stop.Token).ConfigureAwait(false);
            }

            await reader.CompleteAsync().ConfigureAwait(false);
            return (diffId, chainId);
        }
        catch (Exception failure)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reader.CompleteAsync(failure).ConfigureAwait(false);
            throw;
        }

        async Task<string> NameAsync(string digest)
        {
            diffId = Digest.Parse(digest, "a layer");
            chainId = Digest.Chain(parent, diffId);
            await lease.HoldLayersAsync([chainId], stop.Token).ConfigureAwait(false);
            return chainId.ToString();
        }
    }

    private static async Task WriteAsync(
        IEnumerable<CopyItem> items, TarOutput tar, ContentPlaces places, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        foreach (var item in HardLinks.Of(items))
        {
            places.Add(item);
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
    }
}
