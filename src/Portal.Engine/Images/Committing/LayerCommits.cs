using Portal.Engine.Content;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Installing;
using Portal.Engine.Snapshots;
using Portal.Engine.Trees;

namespace Portal.Engine.Images.Committing;

/// <summary>
/// Makes layers of what was written into roots: for commit, and for each step of a build that changes files.
/// </summary>
/// <remarks>
/// <para>A builder's step, from the parent's chain id to the next:</para>
/// <code>
/// await snapshotter.PrepareAsync(stepId, parent?.ToString());       // a root on the parent's layers
/// var root = await snapshotter.MountAsync(stepId);                  // write into it, or let a runtime run on it
/// await snapshotter.UnmountAsync(stepId);
/// var layer = await commits.CommitAsync(stepId, parent, lease, wasRun, isLast: true);   // stepId is gone, layer.ChainId is there
/// </code>
/// <para>
/// Blob and layer are held by the caller's lease until an image that is registered needs them (<see cref="Loading.ImageAssembler"/> with
/// the layers' blobs finds them there and unpacks nothing again). What no image came to need is the caller's to remove:
/// <see cref="ContentLeases.TryRemove"/>; otherwise collection does it.
/// </para>
/// <para>Thread-safe; any number of roots at the same time.</para>
/// </remarks>
internal sealed class LayerCommits(ILayerTrees trees, ISnapshotter snapshotter, ContentStore content, LayerInstaller installer)
{
    /// <summary>Writes what was changed in a root into the content store, as an uncompressed archive. The root stays as it is.</summary>
    /// <param name="rootId">The root; whoever writes into it meanwhile makes the moment of each file arbitrary.</param>
    /// <param name="lease">Holds the blob.</param>
    /// <param name="wasRun">See <see cref="ILayerTrees.WriteDiffAsync"/>.</param>
    /// <param name="cancellationToken">Stops; nothing is left.</param>
    public async Task<WrittenLayer> WriteAsync(string rootId, ContentLease lease, bool wasRun, CancellationToken cancellationToken)
    {
        using var writer = content.BeginWrite();
        var output = new BlobOutput(writer);
        await using (output.ConfigureAwait(false))
        {
            var diff = await trees.WriteDiffAsync(rootId, output, wasRun, cancellationToken).ConfigureAwait(false);
            return new WrittenLayer(writer.Commit(onDigest: lease.Hold), diff);
        }
    }

    /// <summary>Makes a committed layer of what was changed in a root.</summary>
    /// <param name="rootId">The root.</param>
    /// <param name="parent">The chain id of the topmost layer below it, or null.</param>
    /// <param name="lease">Holds blob and layer.</param>
    /// <param name="wasRun">See <see cref="ILayerTrees.WriteDiffAsync"/>.</param>
    /// <param name="isLast">
    /// True when nobody needs the root any more: it becomes the layer, which costs no copy, and is gone. False for a container's root.
    /// </param>
    /// <param name="cancellationToken">Stops; a root that is not needed any more may be gone.</param>
    public async Task<CommittedLayer> CommitAsync(
        string rootId, Digest? parent, ContentLease lease, bool wasRun, bool isLast, CancellationToken cancellationToken)
    {
        var written = await WriteAsync(rootId, lease, wasRun, cancellationToken).ConfigureAwait(false);
        if (!isLast)
        {
            return await InstallAsync(written, parent, lease, cancellationToken).ConfigureAwait(false);
        }

        if (!written.Diff.IsExact)
        {
            var installed = await InstallAsync(written, parent, lease, cancellationToken).ConfigureAwait(false);
            await snapshotter.RemoveAsync(rootId, cancellationToken).ConfigureAwait(false);
            return installed;
        }

        var chainId = Digest.Chain(parent, written.DiffId);
        await lease.HoldLayersAsync([chainId], cancellationToken).ConfigureAwait(false);
        await snapshotter.UnmountAsync(rootId, cancellationToken).ConfigureAwait(false);
        await trees.PromoteAsync(rootId, chainId.ToString(), written.DiffId.ToString(), written.Diff.Size, cancellationToken)
            .ConfigureAwait(false);
        content.NoteDiffId(written.DiffId, written.DiffId);
        return new CommittedLayer(written.DiffId, chainId, written.Diff.Entries);
    }

    /// <summary>Unpacks what <see cref="WriteAsync"/> wrote, unless that layer is there.</summary>
    public async Task<CommittedLayer> InstallAsync(
        WrittenLayer written, Digest? parent, ContentLease lease, CancellationToken cancellationToken)
    {
        var chainId = Digest.Chain(parent, written.DiffId);
        await lease.HoldLayersAsync([chainId], cancellationToken).ConfigureAwait(false);
        var blob = await BlobDescription.OfLayerAsync(content, written.DiffId, cancellationToken).ConfigureAwait(false);
        var plan = new LayerPlan(written.DiffId, chainId, parent, blob);
        if (installer.FindInstalled(plan) is null)
        {
            await installer.InstallAsync(plan, written.DiffId, _ => { }, cancellationToken).ConfigureAwait(false);
        }

        return new CommittedLayer(written.DiffId, chainId, written.Diff.Entries);
    }
}
