using System.IO.Pipelines;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Images.Installing;

/// <summary>Turns a layer's blob into an unpacked layer, from the store or while it is still coming.</summary>
internal sealed class LayerInstaller(ContentStore content, ISnapshotter snapshotter, Decompression decompression, EngineOptions options)
{
    // What may be read ahead of the slower side of a pipe.
    private static readonly PipeOptions s_pipe = new(
        pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 512 << 10, minimumSegmentSize: 64 << 10, useSynchronizationContext: false);

    /// <summary>A blob that is here and is the layer, which is unpacked; null when there is work to do.</summary>
    public Digest? FindInstalled(LayerPlan layer)
    {
        return snapshotter.HasLayer(layer.ChainId.ToString()) ? content.FindBlob(layer.DiffId) : null;
    }

    /// <summary>Unpacks a blob of the store.</summary>
    public async Task InstallAsync(LayerPlan layer, Digest blob, Action<long> onRead, CancellationToken cancellationToken)
    {
        var stream = new CountingStream(content.OpenRead(blob), onRead);
        await using (stream.ConfigureAwait(false))
        {
            await UnpackAsync(layer, stream, cancellationToken).ConfigureAwait(false);
        }

        content.NoteDiffId(layer.DiffId, blob);
    }

    /// <summary>Unpacks bytes while a download writes them. The download's failure is the one that is reported.</summary>
    public async Task InstallWhileAsync(
        LayerPlan layer, Func<PipeWriter, CancellationToken, Task<Digest>> download, CancellationToken cancellationToken)
    {
        var pipe = new Pipe(s_pipe);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var unpacking = Task.Run(() => ConsumeAsync(layer, pipe.Reader, stop), CancellationToken.None);
        Digest blob;
        try
        {
            blob = await download(pipe.Writer, stop.Token).ConfigureAwait(false);
            await pipe.Writer.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            await pipe.Writer.CompleteAsync(failure).ConfigureAwait(false);
            var unpackFailure = await Record(unpacking).ConfigureAwait(false);

            // A download that was stopped because unpacking failed has nothing to say.
            if (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested && unpackFailure is not null)
            {
                ExceptionDispatchInfo.Throw(unpackFailure);
            }

            throw;
        }

        await unpacking.ConfigureAwait(false);
        content.NoteDiffId(layer.DiffId, blob);
    }

    private static async Task<Exception?> Record(Task task)
    {
        await ((Task)task.ContinueWith(_ => { }, TaskScheduler.Default)).ConfigureAwait(false);
        return task.Exception?.GetBaseException();
    }

    private async Task ConsumeAsync(LayerPlan layer, PipeReader reader, CancellationTokenSource stop)
    {
        try
        {
            var stream = reader.AsStream(leaveOpen: true);
            await using (stream.ConfigureAwait(false))
            {
                await UnpackAsync(layer, stream, stop.Token).ConfigureAwait(false);
                await stream.CopyToAsync(Stream.Null, stop.Token).ConfigureAwait(false);
            }

            await reader.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reader.CompleteAsync(failure).ConfigureAwait(false);
            throw;
        }
    }

    private async Task UnpackAsync(LayerPlan layer, Stream compressed, CancellationToken cancellationToken)
    {
        try
        {
            var tar = await decompression.OpenAsync(compressed, cancellationToken).ConfigureAwait(false);
            await using (tar.ConfigureAwait(false))
            {
                if (snapshotter.HasLayer(layer.ChainId.ToString()))
                {
                    await VerifyAsync(layer, tar, cancellationToken).ConfigureAwait(false);
                    return;
                }

                await snapshotter.UnpackAsync(
                    layer.ChainId.ToString(), layer.Parent?.ToString(), layer.DiffId.ToString(), tar, cancellationToken)
                        .ConfigureAwait(false);
            }
        }
        catch (InvalidDataException failure)
        {
            throw new EngineException(
                EngineErrorKind.InvalidArgument, $"The layer {layer.DiffId} can't be decompressed: it is damaged.", failure);
        }
    }

    private async Task VerifyAsync(LayerPlan layer, Stream tar, CancellationToken cancellationToken)
    {
        var bounded = new CountingStream(tar, Check);
        var actual = Digest.FromHash(await SHA256.HashDataAsync(bounded, cancellationToken).ConfigureAwait(false));
        if (actual != layer.DiffId)
        {
            throw EngineException.InvalidArgument($"The layer {layer.DiffId} is damaged: its content has the digest {actual}.");
        }

        void Check(long count)
        {
            if (count > options.LayerLimits.MaxBytes)
            {
                throw EngineException.InvalidArgument($"The layer {layer.DiffId} is over {options.LayerLimits.MaxBytes} bytes long.");
            }
        }
    }
}
