using System.Text;
using Portal.Engine.Archives;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Runtime.Users;
using Portal.Engine.Linux.Snapshots.Entries;
using Portal.Engine.Linux.Snapshots.Overlay;
using Portal.Engine.Trees;

namespace Portal.Engine.Linux.Trees;

/// <inheritdoc cref="ITreeView"/>
internal sealed class TreeView(RootHold hold, TreeNamespace space, TarLimits limits) : ITreeView
{
    private const ResolveFlags Resolve = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks;
    private const long TicksToNanoseconds = 100;

    public ITreeFiles Files { get; } = new TreeFiles(space.Root, hold.Path, hold.Ids);

    public TreeStat? Find(string path)
    {
        var parsed = TreePath.Parse(path);
        using var node = Open(parsed);
        if (node is null)
        {
            return null;
        }

        var time = node.Stat.ModificationTime;
        return new TreeStat
        {
            Name = parsed.Name,
            Size = node.Stat.Size,
            Mode = node.Stat.Mode,
            Modified = Moment(time),
            LinkTarget = node.Stat.IsSymbolicLink ? TargetOf(parsed, node) : "",
        };
    }

    public async Task WriteAsync(string path, Stream output, CancellationToken cancellationToken = default)
    {
        var parsed = TreePath.Parse(path);
        await OverlaySnapshotter.WriteAsync(output, new TreeForm { Ids = hold.Ids }, async archiver =>
        {
            using var node = Open(parsed)
                ?? throw EngineException.NotFound($"Could not find the file {path} in the container: it is gone by now.");
            return await archiver.WriteAsync(node, Encoding.UTF8.GetBytes(parsed.Name), cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    public Task WriteAllAsync(Stream output, CancellationToken cancellationToken = default)
    {
        return OverlaySnapshotter.WriteAsync(
            output, new TreeForm { Ids = hold.Ids }, archiver => archiver.WriteRootAsync(space.Root, cancellationToken));
    }

    public async Task ExtractAsync(string path, Stream tar, TreeExtraction how, CancellationToken cancellationToken = default)
    {
        var parsed = TreePath.Parse(path);
        CheckFolder(parsed, path);
        try
        {
            var rules = new EntryRules { Below = parsed.Names(), KeepsKinds = how.KeepsKinds, Owner = OwnerOf(how), Ids = hold.Ids };
            var reader = new TarReader(tar, limits);
            using var tree = new RootedTree(TreeFolder.Open(space.Root)) { Maker = hold.Ids?.Root };
            var writer = new LayerEntryWriter(tree, reader, rules);
            while (await reader.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
            {
                await writer.WriteAsync(entry, cancellationToken).ConfigureAwait(false);
            }

            await reader.DrainAsync(cancellationToken).ConfigureAwait(false);
            writer.Finish();
        }
        catch (TarFormatException failure)
        {
            throw new EngineException(
                EngineErrorKind.InvalidArgument, $"Unpacking into '{path}' failed: {failure.Message}.", failure);
        }
        catch (IOException failure)
        {
            throw Explain(path, failure);
        }
    }

    public ValueTask DisposeAsync()
    {
        space.Dispose();
        return hold.DisposeAsync();
    }

    internal static DateTimeOffset Moment(FileTime time)
    {
        // Whoever owns a file may give it a time that no calendar has.
        var seconds = Math.Clamp(time.Seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds());
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(time.Nanoseconds / TicksToNanoseconds);
    }

    private static EngineException Explain(string path, IOException failure)
    {
        var error = failure is FileCallException call ? call.ErrorNumber : failure.HResult;
        return error switch
        {
            Errno.ReadOnlyFileSystem => new EngineException(
                EngineErrorKind.Forbidden, "container rootfs is marked read-only, or the volume is", failure),
            Errno.NoSpace or Errno.QuotaExceeded => new EngineException(
                EngineErrorKind.Unavailable,
                $"Unpacking into '{path}' failed because the disk is full. Remove images or containers and try again.",
                failure),
            Errno.Busy => new EngineException(
                EngineErrorKind.Conflict, $"Unpacking into '{path}' failed: something is mounted where a file was to go: {failure.Message}", failure),
            _ => new EngineException(EngineErrorKind.Internal, $"Unpacking into '{path}' failed: {failure.Message}", failure),
        };
    }

    private void CheckFolder(TreePath parsed, string path)
    {
        using var folder = Open(parsed, flags: 0)
            ?? throw EngineException.NotFound($"Could not find the file {path} in the container");
        if (!folder.Stat.IsFolder)
        {
            throw EngineException.InvalidArgument("extraction point is not a directory");
        }
    }

    private (uint User, uint Group)? OwnerOf(TreeExtraction how)
    {
        if (how.Owner is null)
        {
            return null;
        }

        // The files that name users may be in the tree anywhere, and whatever they say, they are read as the container's.
        var user = UserLookup.Find(hold.Path, how.Owner);
        return (user.Uid, user.Gid);
    }

    private TreeNode? Open(TreePath path) => Open(path, path.IsFolder ? OpenFlags.Directory : OpenFlags.NoFollow);

    private TreeNode? Open(TreePath path, int flags) =>
        TreeNode.TryResolve(space.Root, path.Bytes, OpenFlags.PathOnly | flags, Resolve);

    /// <summary>Where a link leads, in the container's paths.</summary>
    private string TargetOf(TreePath path, TreeNode link)
    {
        using var target = TryFollow(path);
        if (target is not null)
        {
            // The namespace's root is the container's, so the kernel tells the path that a process in it would see.
            return File.ResolveLinkTarget($"/proc/self/fd/{target.Handle.DangerousGetHandle()}", returnFinalTarget: false)!.FullName;
        }

        // Nothing is there: then what is written in the link says where it would be.
        var written = Encoding.UTF8.GetString(FileCalls.ReadLink(link.Handle, "a link"));
        var folder = "/" + Encoding.UTF8.GetString(path.Bytes);
        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(folder) ?? "/", written));
    }

    private TreeNode? TryFollow(TreePath path)
    {
        try
        {
            return Open(path, flags: 0);
        }
        catch (EngineException)
        {
            // Through a file, or round in circles.
            return null;
        }
    }
}
