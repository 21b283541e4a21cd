using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Snapshots.Overlay;
using Portal.Engine.Trees;

namespace Portal.Engine.Linux.Trees;

/// <summary>Views of roots through mount namespaces of their own.</summary>
internal sealed class LinuxTreeViews(OverlaySnapshotter snapshotter, EngineOptions options) : ITreeViews
{
    public async Task<ITreeView> OpenAsync(
        string rootId, IReadOnlyList<TreeMount> mounts, bool isReadOnly, CancellationToken cancellationToken = default)
    {
        var hold = await snapshotter.HoldAsync(rootId, cancellationToken).ConfigureAwait(false);
        try
        {
            var space = await Task.Run(
                () => TreeNamespace.Open(hold.Path, mounts, isReadOnly, hold.Ids?.Root), cancellationToken).ConfigureAwait(false);
            return new TreeView(hold, space, options.LayerLimits);
        }
        catch (IOException failure)
        {
            await hold.DisposeAsync().ConfigureAwait(false);
            throw new EngineException(
                EngineErrorKind.Internal, $"Opening the files of container {rootId} failed: {failure.InnerException?.Message}", failure);
        }
    }
}
