using Portal.Engine.Containers;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Loading;
using Portal.Engine.Volumes;

namespace Portal.Engine.Trees;

/// <inheritdoc cref="IContainerTrees"/>
internal sealed class ContainerTrees(
    ContainerRegistry registry, ILayerTrees layers, ITreeViews views, LocalVolumes volumes, Decompression decompression,
    ContainerEvents events)
    : IContainerTrees, IContainerFiles
{
    private static readonly string[] s_kernelFolders = ["/proc", "/sys", "/dev"];

    public IEnumerable<TreeChange> ListChanges(string container) => layers.ListChanges(registry.Get(container).Id);

    public async Task ExportAsync(string container, Stream output, CancellationToken cancellationToken = default)
    {
        var found = registry.Get(container);
        var view = await views.OpenAsync(found.Id, [], isReadOnly: true, cancellationToken).ConfigureAwait(false);
        await using (view.ConfigureAwait(false))
        {
            await view.WriteAllAsync(output, cancellationToken).ConfigureAwait(false);
        }

        events.Publish(found, "export");
    }

    public async Task<TreeStat> StatAsync(string container, string path, CancellationToken cancellationToken = default)
    {
        var found = registry.Get(container);
        var view = await OpenAsync(found, cancellationToken).ConfigureAwait(false);
        await using (view.ConfigureAwait(false))
        {
            return Find(view, path, container);
        }
    }

    public async Task ReadAsync(
        string container, string path, Func<TreeStat, ValueTask<Stream>> open, CancellationToken cancellationToken = default)
    {
        var found = registry.Get(container);
        var view = await OpenAsync(found, cancellationToken).ConfigureAwait(false);
        await using (view.ConfigureAwait(false))
        {
            var output = await open(Find(view, path, container)).ConfigureAwait(false);
            await view.WriteAsync(path, output, cancellationToken).ConfigureAwait(false);
        }

        events.Publish(found, "archive-path");
    }

    public async Task WriteAsync(
        string container, string path, Stream archive, bool keepsKinds = false, bool toUser = false,
        CancellationToken cancellationToken = default)
    {
        var found = registry.Get(container);
        var how = new TreeExtraction { KeepsKinds = keepsKinds, Owner = toUser && found.Spec.User is { Length: > 0 } user ? user : null };
        var view = await OpenAsync(found, cancellationToken).ConfigureAwait(false);
        await using (view.ConfigureAwait(false))
        {
            Find(view, path, container);
            try
            {
                var tar = await decompression.OpenAsync(new UndisposedStream(archive), cancellationToken).ConfigureAwait(false);
                await using (tar.ConfigureAwait(false))
                {
                    await view.ExtractAsync(path, tar, how, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (InvalidDataException failure)
            {
                throw new EngineException(
                    EngineErrorKind.InvalidArgument, "Unpacking failed: the archive's compression is damaged.", failure);
            }
        }

        events.Publish(found, "extract-to-dir");
    }

    public async Task<T> UseAsync<T>(
        string container, Func<ITreeFiles, ValueTask<T>> use, CancellationToken cancellationToken = default)
    {
        var found = registry.Get(container);
        var view = await OpenAsync(found, cancellationToken).ConfigureAwait(false);
        await using (view.ConfigureAwait(false))
        {
            var mounts = found.Config.Mounts.Select(mount => mount.Destination);
            return await use(new GuardedFiles(view.Files, [.. s_kernelFolders, .. mounts])).ConfigureAwait(false);
        }
    }

    private static TreeStat Find(ITreeView view, string path, string container)
    {
        return view.Find(path)
            ?? throw EngineException.NotFound($"Could not find the file {path} in container {container}");
    }

    private async Task<ITreeView> OpenAsync(Container container, CancellationToken cancellationToken)
    {
        // Only while the view is made: it has mounts of its own then, which stay when these go.
        var (placed, hold) = await Task.Run(() => volumes.Place(container.Config.Mounts), cancellationToken).ConfigureAwait(false);
        using var held = hold;
        return await OpenAsync(container, placed, cancellationToken).ConfigureAwait(false);
    }

    private Task<ITreeView> OpenAsync(
        Container container, IReadOnlyList<ContainerMount> placed, CancellationToken cancellationToken)
    {
        // What of the host a container's processes see. A tmpfs is theirs alone: as with Docker, it can't be reached from here.
        var mounts = placed
            .Where(mount => mount.Type != "tmpfs" && mount.Source.Length > 0)
            .Select(mount => new TreeMount(mount.Source, mount.Destination, mount.Writable))
            .ToList();
        var info = container.Info;
        foreach (var (source, destination) in new[]
        {
            (info.HostsPath, "/etc/hosts"), (info.HostnamePath, "/etc/hostname"), (info.ResolvConfPath, "/etc/resolv.conf"),
        })
        {
            if (source.Length > 0 && !mounts.Exists(mount => mount.Destination == destination))
            {
                mounts.Add(new TreeMount(source, destination, Writable: true));
            }
        }

        return views.OpenAsync(container.Id, mounts, container.Spec.ReadOnlyRoot, cancellationToken);
    }
}
