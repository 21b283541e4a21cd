using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Store;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Images.Checking;

/// <inheritdoc cref="IStoreCheck"/>
internal sealed class StoreCheck(
    ContentStore content, ContentLeases leases, ImageStore store, HeldImages held, ILayerMaintenance maintenance, ILayerCheck layers,
    BlobCheck blobs, ImageExaminer examiner, ImageMender mender, ListCheck lists, IImageCollector collector,
    TimeProvider time) : IStoreCheck
{
    private int _isRunning;

    public async Task<StoreCheckReport> RunAsync(
        StoreCheckRequest request, IProgress<StoreCheckProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isRunning, 1) == 1)
        {
            throw EngineException.Conflict("The store is being checked already. Wait for that check, or cancel it.");
        }

        try
        {
            var reporter = new CheckReporter(progress, time);
            var (count, bytes) = await blobs.RunAsync(request, reporter, cancellationToken).ConfigureAwait(false);
            var layerCount = await CheckLayersAsync(request, reporter, cancellationToken).ConfigureAwait(false);
            var imageCount = await CheckImagesAsync(request, reporter, cancellationToken).ConfigureAwait(false);
            await lists.RunAsync(request, reporter, cancellationToken).ConfigureAwait(false);
            CheckIndex(request, reporter);
            CheckRoots(reporter);
            var unused = content.List()
                .Where(blob => !store.Index.NeedsBlob(blob.Digest) && !leases.IsHeld(blob.Digest))
                .Sum(blob => content.TrySizeOf(blob.Digest) ?? 0);
            var freed = request.Mend ? await collector.CollectAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false) : 0;
            return new StoreCheckReport(count, bytes, layerCount, imageCount, reporter.Problems, unused, freed);
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    private async Task<int> CheckLayersAsync(StoreCheckRequest request, CheckReporter reporter, CancellationToken cancellationToken)
    {
        var all = maintenance.ListLayers();
        reporter.Begin(StoreCheckPhase.Layers, all.Count);
        foreach (var chainId in all)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await layers.CheckLayerAsync(chainId, cancellationToken).ConfigureAwait(false) is { } problem)
            {
                var isGone = request.Mend && await layers.TryDiscardLayerAsync(chainId, cancellationToken).ConfigureAwait(false);
                var (advice, outcome) = (request.Mend, isGone) switch
                {
                    (true, true) => ("", StoreProblemOutcome.Removed),
                    (true, false) => (" A container stands on it: remove that container and check again.", StoreProblemOutcome.Broken),
                    _ => ("", StoreProblemOutcome.Found),
                };
                reporter.Add(StoreProblemKind.DamagedLayer, chainId, problem + advice, outcome);
            }

            reporter.Advance(1);
        }

        return all.Count;
    }

    private async Task<int> CheckImagesAsync(StoreCheckRequest request, CheckReporter reporter, CancellationToken cancellationToken)
    {
        var ids = store.Index.Images.Keys.Order(StringComparer.Ordinal).ToList();
        reporter.Begin(StoreCheckPhase.Images, ids.Count);
        foreach (var id in ids)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await CheckImageAsync(id, request, reporter, cancellationToken).ConfigureAwait(false);
            reporter.Advance(1);
        }

        return ids.Count;
    }

    private async Task CheckImageAsync(string id, StoreCheckRequest request, CheckReporter reporter, CancellationToken cancellationToken)
    {
        if (store.Index.Images.GetValueOrDefault(id) is not { } image)
        {
            return;
        }

        using var lease = leases.Begin();
        image = held.Hold(image, lease).Image;
        await lease.HoldLayersAsync(image.Layers.Select(layer => Digest.Parse(layer.ChainId, "a layer")), cancellationToken)
            .ConfigureAwait(false);
        var findings = await examiner.ExamineAsync(image, cancellationToken).ConfigureAwait(false);
        if (findings.IsSound)
        {
            Mark(id, null, request);
            return;
        }

        var what = $"The image {image.Names.FirstOrDefault() ?? id[7..19]} lacks {findings.Describe()}.";
        if (!request.Mend)
        {
            // It may have been removed between the look at the index and that at its parts.
            if (store.Index.Images.ContainsKey(id))
            {
                reporter.Add(StoreProblemKind.BrokenImage, id, what, StoreProblemOutcome.Found);
            }

            return;
        }

        if (await mender.MendAsync(id, lease, cancellationToken).ConfigureAwait(false) is not { } mended)
        {
            return;
        }

        if (mended.Findings.IsSound)
        {
            Mark(id, null, request);
            reporter.Add(StoreProblemKind.BrokenImage, id, what, StoreProblemOutcome.Mended);
            return;
        }

        what = $"It lacks {mended.Findings.Describe()}. Pull or load it again, or remove it.";
        Mark(id, what, request);
        var name = image.Names.FirstOrDefault() ?? id[7..19];
        reporter.Add(StoreProblemKind.BrokenImage, id, $"The image {name}: {what} {mended.Reason}".TrimEnd(), StoreProblemOutcome.Broken);
    }

    private void CheckIndex(StoreCheckRequest request, CheckReporter reporter)
    {
        foreach (var path in store.Unreadable)
        {
            if (request.Mend)
            {
                File.Delete(path);
            }

            reporter.Add(
                StoreProblemKind.UnreadableIndex,
                Path.GetFileName(path),
                "The index of images could not be read when the engine started, and was made anew of what was found. Images without a name "
                + $"must be tagged or pulled again. {(request.Mend ? "The old file was removed." : $"The old file is '{path}'.")}",
                request.Mend ? StoreProblemOutcome.Removed : StoreProblemOutcome.Found);
        }
    }

    private void CheckRoots(CheckReporter reporter)
    {
        var problems = layers.CheckRoots();
        reporter.Begin(StoreCheckPhase.Roots, problems.Count);
        foreach (var (container, problem) in problems)
        {
            reporter.Add(StoreProblemKind.BrokenRoot, container, problem, StoreProblemOutcome.Broken);
            reporter.Advance(1);
        }
    }

    private void Mark(string id, string? problem, StoreCheckRequest request)
    {
        if (request.Mend && store.Index.Images.GetValueOrDefault(id) is { } image && image.Problem != problem)
        {
            store.Update(index => index.Change(id, record => record with { Problem = problem }));
        }
    }
}
