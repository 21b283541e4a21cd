using System.Text;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Snapshots.Overlay;
using Portal.Engine.Linux.Trees;
using Portal.Engine.Volumes.Contents;
using Portal.Engine.Volumes.Drivers;

namespace Portal.Engine.Linux.Volumes;

/// <inheritdoc cref="IVolumeTree"/>
/// <remarks>
/// The kernel walks each path once (openat2(2), RESOLVE_BENEATH); what was opened is what is looked at, read and written. Nothing is opened
/// for reading before its kind is known from a handle that only stands for it (O_PATH).
/// </remarks>
internal sealed partial class VolumeTree(SafeFileHandle root) : IVolumeTree
{
    private const ResolveFlags Resolve = ResolveFlags.Beneath | ResolveFlags.NoMagicLinks;
    private const int BufferSize = 256 * 1024;

    public VolumePage List(VolumePath path, VolumeListing listing, CancellationToken cancellationToken)
    {
        return Explained(path, () =>
        {
            using var node = Open(path);
            if (!node.Stat.IsFolder)
            {
                throw EngineException.InvalidArgument($"'{path.Text}' is no folder, so it has nothing to list.");
            }

            using var folder = FileCalls.TryOpenAt(node.Handle, [(byte)'.', 0], OpenFlags.ReadOnly | OpenFlags.Directory, 0, out var error);
            Check(error, "open folder", path);
            var page = new FolderPage(listing);
            var (names, nextToken) = page.Read(folder, cancellationToken);
            var files = new List<VolumeFile>(names.Count);
            foreach (var name in names)
            {
                // Gone since: then it is not there.
                using var child = TreeNode.TryOpen(folder, name, path.Text);
                if (child is not null)
                {
                    files.Add(Describe(child, VolumePath.Encode(name.AsSpan(..^1))));
                }
            }

            return new VolumePage(files, nextToken, page.Total);
        });
    }

    public VolumeFile Stat(VolumePath path)
    {
        return Explained(path, () =>
        {
            using var node = Open(path);
            return Describe(node, NameOf(path));
        });
    }

    public async Task ReadAsync(
        VolumePath path, long offset, long length, Func<VolumeFile, ValueTask<Stream>> open, CancellationToken cancellationToken)
    {
        using var file = Explained(path, () => OpenToRead(path));
        var described = Explained(path, () => Describe(FileCalls.Stat(file, path.Text), NameOf(path)));
        var output = await open(described).ConfigureAwait(false);
        var end = length == 0 || length > described.Size - offset ? described.Size : offset + length;
        var buffer = new byte[BufferSize];
        while (offset < end)
        {
            var wanted = (int)Math.Min(buffer.Length, end - offset);
            var at = offset;
            var read = Explained(path, () => RandomAccess.Read(file, buffer.AsSpan(0, wanted), at));
            if (read == 0)
            {
                // Cut shorter meanwhile.
                break;
            }

            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            offset += read;
        }
    }

    public async Task ReadArchiveAsync(VolumePath path, Func<VolumeFile, ValueTask<Stream>> open, CancellationToken cancellationToken)
    {
        using var node = Explained(path, () => Open(path));
        var name = path.Names.Count == 0 ? "."u8.ToArray() : path.Names[^1];
        var output = await open(Describe(node, NameOf(path))).ConfigureAwait(false);
        await OverlaySnapshotter.WriteAsync(output, new TreeForm(), archiver => archiver.WriteAsync(node, name, cancellationToken))
            .ConfigureAwait(false);
    }

    public void Dispose() => root.Dispose();

    private static string NameOf(VolumePath path) => path.Names.Count == 0 ? "" : VolumePath.Encode(path.Names[^1]);

    private static VolumeFile Describe(TreeNode node, string name)
    {
        var described = Describe(node.Stat, name);
        return described.Kind == VolumeFileKind.Link
            ? described with { LinkTarget = Encoding.UTF8.GetString(FileCalls.ReadLink(node.Handle, "a link")) }
            : described;
    }

    private static VolumeFile Describe(in FileStat stat, string name) => new()
    {
        Name = name,
        Kind = stat.Type switch
        {
            FileTypes.Regular => VolumeFileKind.File,
            FileTypes.Folder => VolumeFileKind.Folder,
            FileTypes.SymbolicLink => VolumeFileKind.Link,
            _ => VolumeFileKind.Special,
        },
        Size = stat.IsRegular ? stat.Size : 0,
        Mode = stat.Mode,
        Modified = TreeView.Moment(stat.ModificationTime),
        UserId = stat.UserId,
        GroupId = stat.GroupId,
    };

    private static byte[] Join(IEnumerable<byte[]> names)
    {
        var path = new List<byte>();
        foreach (var name in names)
        {
            path.AddRange(name);
            path.Add((byte)'/');
        }

        return path.Count == 0 ? [(byte)'.', 0] : [.. path[..^1], 0];
    }

    private SafeFileHandle OpenToRead(VolumePath path)
    {
        using var node = Open(path);
        if (!node.Stat.IsRegular)
        {
            throw EngineException.InvalidArgument($"'{path.Text}' is no regular file, so it can't be read.");
        }

        // Non-blocking should a file system put something else there: of a regular file it says nothing.
        var file = FileCalls.TryReopen(node.Handle, OpenFlags.ReadOnly | OpenFlags.NonBlocking, out var error);
        Check(error, "open", path);
        return file;
    }

    private TreeNode Open(VolumePath path)
    {
        var handle = FileCalls.TryOpenIn(root, Join(path.Names), OpenFlags.PathOnly | OpenFlags.NoFollow, Resolve, out var error);
        Check(error, "open", path);
        return TreeNode.Of(handle, path.Text);
    }

    /// <summary>The folder that holds the last name of a path, and that name.</summary>
    private SafeFileHandle OpenParent(VolumePath path, out byte[] leaf)
    {
        leaf = FileCalls.NulTerminated(path.Names[^1]);
        var flags = OpenFlags.ReadOnly | OpenFlags.Directory;
        var folder = FileCalls.TryOpenIn(root, Join(path.Names.SkipLast(1)), flags, Resolve, out var error);
        Check(error, "open folder of", path);
        return folder;
    }

    private static void Check(int error, string what, VolumePath path)
    {
        if (error != 0)
        {
            throw new FileCallException(error, what, path.Text);
        }
    }

    private static T Explained<T>(VolumePath path, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (IOException failure)
        {
            throw Explain(path.Text, failure);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new EngineException(EngineErrorKind.Forbidden, $"The file system of the volume refuses access to '{path.Text}'.", failure);
        }
    }

    private static EngineException Explain(string path, IOException failure)
    {
        var error = failure is FileCallException call ? call.ErrorNumber : failure.HResult;
        var (kind, reason) = error switch
        {
            Errno.NoEntry => (EngineErrorKind.NotFound, "there is no such file or folder"),
            Errno.NotFolder => (EngineErrorKind.NotFound, "the way leads through something that is no folder"),
            Errno.TooManyLinks => (EngineErrorKind.InvalidArgument, "the way leads through links that go round in circles"),
            Errno.CrossDevice => (EngineErrorKind.Forbidden, "the way leads out of the volume"),
            Errno.Exists or Errno.NotEmpty => (EngineErrorKind.AlreadyExists, "something is there already"),
            Errno.IsFolder => (EngineErrorKind.InvalidArgument, "it is a folder"),
            Errno.NameTooLong => (EngineErrorKind.InvalidArgument, "a name is too long for the volume's file system"),
            Errno.Invalid => (EngineErrorKind.InvalidArgument, "the file system of the volume can't do that, or a folder was to go into itself"),
            Errno.ReadOnlyFileSystem => (EngineErrorKind.Forbidden, "the volume is read-only"),
            Errno.AccessDenied or Errno.NotPermitted => (EngineErrorKind.Forbidden, "the file system of the volume refuses it"),
            Errno.Busy => (EngineErrorKind.Conflict, "something is mounted there"),
            Errno.TryAgain => (EngineErrorKind.Conflict, "what the way leads through is being renamed all the time; try again"),
            Errno.NoSpace or Errno.QuotaExceeded => (EngineErrorKind.Unavailable, "the disk is full"),
            _ => (EngineErrorKind.Internal, failure.Message),
        };
        return new EngineException(kind, $"'{path}' in the volume: {reason}.", failure);
    }
}
