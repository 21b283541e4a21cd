using System.Collections.Concurrent;
using Portal.Engine.Builds.Files;
using Portal.Engine.Content;
using Portal.Engine.Runtime.Namespaces;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Builds.Execution;

/// <summary>
/// Roots that a build looks into or mounts for <c>RUN</c>: each of its own, removed with the build. An engine that is killed removes them at its next start, as it
/// does all roots of nobody.
/// </summary>
internal sealed class BuildRoots(ISnapshotter snapshotter, IRootFolders folders, IRootFiles files, string buildId) : IAsyncDisposable
{
    private readonly ConcurrentBag<string> _ids = [];
    private readonly ConcurrentBag<IFileTree> _trees = [];
    private readonly ConcurrentDictionary<string, Lazy<Task<BuildRoot>>> _shared = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>A root that is only read; one for each set of layers.</summary>
    public Task<BuildRoot> OpenAsync(Digest? chainId, CancellationToken cancellationToken)
    {
        var key = chainId?.ToString() ?? "";
        return _shared.GetOrAdd(key, _ => new Lazy<Task<BuildRoot>>(() => MakeAsync(chainId, cancellationToken))).Value;
    }

    /// <summary>A root of one's own; what is written into it is lost.</summary>
    /// <param name="chainId">Its layers.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="ids">Whom to show as owners to a container that it is mounted into; null for those that are on the disk.</param>
    public async Task<BuildRoot> MakeAsync(Digest? chainId, CancellationToken cancellationToken, IdMapping? ids = null)
    {
        var id = $"build-{buildId}-{Interlocked.Increment(ref _count)}";
        _ids.Add(id);
        await snapshotter.PrepareAsync(id, chainId?.ToString(), ids, cancellationToken).ConfigureAwait(false);
        var path = await snapshotter.MountAsync(id, cancellationToken).ConfigureAwait(false);
        var tree = files.Open(path, chainId is null ? [] : folders.PathsOfLayers(chainId.Value.ToString()));
        _trees.Add(tree);
        return new BuildRoot(path, tree);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var tree in _trees)
        {
            tree.Dispose();
        }

        foreach (var id in _ids)
        {
            await snapshotter.RemoveAsync(id, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
