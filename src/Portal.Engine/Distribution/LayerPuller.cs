using System.IO.Pipelines;
using Portal.Engine.Content;
using Portal.Engine.Images;
using Portal.Engine.Images.Installing;

namespace Portal.Engine.Distribution;

/// <summary>
/// Fetches and unpacks layers, several at a time, each once however many pulls want it. A blob that appears in two places of the
/// stack is fetched once as well.
/// </summary>
internal sealed class LayerPuller(
    ContentStore content, LayerInstaller installer, RegistryPolicy policy, RegistryRetry retry, TimeProvider time) : IDisposable
{
    private readonly SharedJobs<TransferProgress> _jobs = new();
    private readonly SharedJobs<TransferProgress> _blobs = new();
    private readonly SemaphoreSlim _slots = new(policy.ParallelDownloads, policy.ParallelDownloads);

    public async Task PullAsync(
        RegistrySession session, IReadOnlyList<LayerPlan> layers, ContentLease lease, IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        await lease.HoldLayersAsync(layers.Select(layer => layer.ChainId), cancellationToken).ConfigureAwait(false);
        foreach (var layer in layers)
        {
            lease.Hold(layer.Blob.ParseDigest("a layer"));
            if (content.FindBlob(layer.DiffId) is { } present)
            {
                lease.Hold(present);
            }
        }

        // The first failure stops the others: the image will not come to be.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = layers.Select(layer => RunAsync(session, layer, progress, stop)).ToList();
        try
        {
            await Task.WhenAll(tasks).ConfigureAwait(false);
        }
        catch when (!cancellationToken.IsCancellationRequested)
        {
            // Which of them failed first is not what WhenAll throws: those that were stopped are no answer.
            var failure = tasks
                .Select(task => task.Exception?.InnerException)
                .FirstOrDefault(cause => cause is not (null or OperationCanceledException));
            if (failure is not null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            }

            throw;
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task RunAsync(
        RegistrySession session, LayerPlan layer, IProgress<TransferProgress>? progress, CancellationTokenSource stop)
    {
        var item = layer.Blob.ParseDigest("a layer").Short;
        if (installer.FindInstalled(layer) is not null)
        {
            progress?.Report(new TransferProgress(item, TransferPhase.Exists));
            return;
        }

        progress?.Report(new TransferProgress(item, TransferPhase.Waiting));
        try
        {
            await _jobs.RunAsync(
                layer.ChainId.ToString(),
                (listener, token) => InstallAsync(session, layer, new ProgressThrottle(listener, item, time), token),
                progress,
                stop.Token).ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task InstallAsync(
        RegistrySession session, LayerPlan layer, ProgressThrottle progress, CancellationToken cancellationToken)
    {
        var blob = layer.Blob.ParseDigest("a layer");
        if (installer.FindInstalled(layer) is null)
        {
            // Whoever comes second with the same blob for another place waits here, and then finds it in the store.
            await _blobs.RunAsync(
                blob.ToString(), (_, token) => FetchAsync(session, layer, blob, progress, token), null, cancellationToken)
                    .ConfigureAwait(false);
        }

        if (installer.FindInstalled(layer) is null)
        {
            await UnpackStoredAsync(layer, blob, progress, cancellationToken).ConfigureAwait(false);
        }

        progress.Report(TransferPhase.Complete, layer.Blob.Size, layer.Blob.Size);
    }

    private async Task FetchAsync(
        RegistrySession session, LayerPlan layer, Digest blob, ProgressThrottle progress, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (content.Has(blob))
            {
                await UnpackStoredAsync(layer, blob, progress, cancellationToken).ConfigureAwait(false);
                return;
            }

            await installer.InstallWhileAsync(
                layer, (pipe, token) => DownloadAsync(session, layer, blob, pipe, progress, token), cancellationToken)
                    .ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    private Task UnpackStoredAsync(LayerPlan layer, Digest blob, ProgressThrottle progress, CancellationToken cancellationToken)
    {
        var size = content.SizeOf(blob);
        return installer.InstallAsync(layer, blob, read => progress.Report(TransferPhase.Extracting, read, size), cancellationToken);
    }

    private async Task<Digest> DownloadAsync(
        RegistrySession session, LayerPlan layer, Digest blob, PipeWriter pipe, ProgressThrottle progress,
        CancellationToken cancellationToken)
    {
        using var writer = content.BeginWrite();
        var download = new BlobDownload(session, layer.Blob, policy, retry);
        await download.RunAsync(SinkAsync, message => progress.Report(TransferPhase.Retrying, message: message), cancellationToken)
            .ConfigureAwait(false);
        progress.Report(TransferPhase.Extracting, 0, layer.Blob.Size);
        return writer.Commit(blob);

        async ValueTask SinkAsync(ReadOnlyMemory<byte> bytes)
        {
            await writer.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            await pipe.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            progress.Report(TransferPhase.Downloading, writer.Length, layer.Blob.Size);
        }
    }
}
