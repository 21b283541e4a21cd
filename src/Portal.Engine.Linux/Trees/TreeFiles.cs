using System.Text;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Folders;
using Portal.Engine.Runtime.Namespaces;
using Portal.Engine.Trees;

namespace Portal.Engine.Linux.Trees;

/// <summary>
/// Files beneath an open folder. A path is resolved anew for each step with the folder as its root, and what is done is done to what was
/// opened then.
/// </summary>
/// <param name="root">The tree's root; stays the caller's, and open for as long as this is used.</param>
/// <param name="accounts">Path of the folder whose <c>etc/passwd</c> and <c>etc/group</c> name owners; null when numbers must do.</param>
/// <param name="ids">What stands on the host for the owners in the tree; null for the same.</param>
internal sealed partial class TreeFiles(SafeFileHandle root, string? accounts, IdMapping? ids = null) : ITreeFiles
{
    private const ResolveFlags Resolve = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks;
    private const long TicksToNanoseconds = 100;
    private const int BufferSize = 256 * 1024;

    public TreeListing List(string path, int most) => Explained(path, "Reading", () =>
    {
        using var node = Find(path, OpenFlags.PathOnly);
        if (!node.Stat.IsFolder)
        {
            throw EngineException.InvalidArgument($"'{path}' is no folder.");
        }

        using var folder = TreeFolder.Open(node.Handle);
        var names = FolderTree.List(folder, path);
        names.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        var owners = new TreeOwners(accounts, ids);
        var entries = new List<TreeEntry>(Math.Min(names.Count, most));
        foreach (var name in names.Take(most))
        {
            // Gone since the folder was read: then it was not there.
            using var child = TreeNode.TryOpen(folder, name, path);
            if (child is not null)
            {
                entries.Add(Describe(child, name.AsSpan(..^1), owners) with { TargetMode = TargetModeOf(child, path, name) });
            }
        }

        return new TreeListing(entries, names.Count);
    });

    public async Task ReadAsync(
        string path, long most, Func<TreeEntry, ValueTask<Stream>> open, CancellationToken cancellationToken = default)
    {
        using var file = OpenFile(path, out var entry);
        var output = await open(entry).ConfigureAwait(false);
        var end = Math.Min(entry.Size, most);
        var buffer = new byte[(int)Math.Clamp(end, 1, BufferSize)];
        for (var at = 0L; at < end;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - at)), at);
            if (read == 0)
            {
                throw new EngineException(
                    EngineErrorKind.Conflict, $"Reading '{path}' failed: it was cut shorter meanwhile. Try again.");
            }

            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            at += read;
        }
    }

    public TreeTotals Measure(string path, int most = int.MaxValue, CancellationToken cancellationToken = default) =>
        Explained(path, "Counting", () =>
        {
            using var node = Find(path, OpenFlags.PathOnly | OpenFlags.NoFollow);
            using var walk = new TreeMeasure(most);
            return walk.Measure(node, path, cancellationToken);
        });

    private SafeFileHandle OpenFile(string path, out TreeEntry entry)
    {
        var described = default(TreeEntry);
        var opened = Explained(path, "Reading", () =>
        {
            // Looked at before it is opened: to open a pipe or a device may wait, or do something.
            using var node = Find(path, OpenFlags.PathOnly);
            if (!node.Stat.IsRegular)
            {
                throw EngineException.InvalidArgument(node.Stat.IsFolder
                    ? $"'{path}' is a folder, not a file."
                    : $"'{path}' is no regular file, so there is nothing to read.");
            }

            var file = FileCalls.TryReopen(node.Handle, OpenFlags.ReadOnly | OpenFlags.NoAccessTime, out var error);
            if (error != 0)
            {
                file.Dispose();
                throw new FileCallException(error, "open", path);
            }

            var name = Encoding.UTF8.GetBytes(TreePath.Parse(path).Name);
            described = Describe(node, name, new TreeOwners(accounts, ids));
            return file;
        });
        entry = described!;
        return opened;
    }

    private static TreeEntry Describe(TreeNode node, ReadOnlySpan<byte> name, TreeOwners owners)
    {
        var stat = node.Stat;
        var text = Encoding.UTF8.GetString(name);
        var time = stat.ModificationTime;

        // Whoever owns a file may give it a time that no calendar has.
        var seconds = Math.Clamp(time.Seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds());
        return new TreeEntry
        {
            Name = text,
            IsAddressable = Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(name),
            Size = stat.Size,
            Mode = stat.Mode,
            Modified = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(time.Nanoseconds / TicksToNanoseconds),
            UserId = owners.UserInside(stat.UserId),
            GroupId = owners.GroupInside(stat.GroupId),
            UserName = owners.User(owners.UserInside(stat.UserId)),
            GroupName = owners.Group(owners.GroupInside(stat.GroupId)),
            LinkTarget = stat.IsSymbolicLink ? Encoding.UTF8.GetString(FileCalls.ReadLink(node.Handle, "a link")) : "",
            IsMounted = stat.IsMountRoot,
        };
    }

    private int TargetModeOf(TreeNode child, string folder, byte[] name)
    {
        if (!child.Stat.IsSymbolicLink)
        {
            return 0;
        }

        byte[] path = [.. TreePath.Parse(folder).Bytes, (byte)'/', .. name.AsSpan(..^1)];
        var target = FileCalls.TryOpenIn(root, FileCalls.NulTerminated(path), OpenFlags.PathOnly, Resolve, out var error);
        using (target)
        {
            // Whatever is wrong with it, it leads nowhere.
            return error == 0 ? FileCalls.Stat(target, folder).Mode : 0;
        }
    }

    private TreeNode Find(string path, int flags)
    {
        var parsed = TreePath.Parse(path);
        var follows = parsed.Bytes.AsSpan().SequenceEqual("."u8) ? flags & ~OpenFlags.NoFollow : flags;
        return TreeNode.TryResolve(root, parsed.Bytes, follows, Resolve)
            ?? throw EngineException.NotFound($"'{path}' is not there.");
    }

    private static T Explained<T>(string path, string what, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (IOException failure)
        {
            throw Explain(path, what, failure);
        }
    }

    private static EngineException Explain(string path, string what, IOException failure)
    {
        var error = failure is FileCallException call ? call.ErrorNumber : failure.HResult;
        var (kind, reason) = error switch
        {
            Errno.NoEntry => (EngineErrorKind.NotFound, "it is not there (any more)."),
            Errno.Exists or Errno.NotEmpty => (EngineErrorKind.AlreadyExists, "something of that name is there already."),
            Errno.NotFolder => (EngineErrorKind.InvalidArgument, "something on the way is no folder, or a file would replace a folder."),
            Errno.IsFolder => (EngineErrorKind.Conflict, "a folder of that name is there."),
            Errno.NameTooLong => (EngineErrorKind.InvalidArgument, "the name is too long: 255 bytes are allowed."),
            Errno.TooManyLinks => (EngineErrorKind.InvalidArgument, "links lead round in circles."),
            Errno.Invalid => (EngineErrorKind.InvalidArgument, "a folder can't go into itself, or the file system refuses the name."),
            Errno.ReadOnlyFileSystem => (EngineErrorKind.Forbidden, "the file system there is read-only."),
            Errno.AccessDenied or Errno.NotPermitted => (EngineErrorKind.Forbidden, "the file system does not allow it."),
            Errno.NoSpace or Errno.QuotaExceeded => (
                EngineErrorKind.Unavailable, "the disk is full. Remove images, containers or files and try again."),
            Errno.Busy => (EngineErrorKind.Conflict, "something is mounted there."),
            Errno.TryAgain => (EngineErrorKind.Conflict, "what the way leads through is being renamed all the time; try again."),
            Errno.CrossDevice => (EngineErrorKind.Conflict, "it would have to go to another file system. Download it and upload it there."),
            _ => (EngineErrorKind.Internal, failure.Message),
        };
        return new EngineException(kind, $"{what} '{path}' failed: {reason}", failure);
    }
}
