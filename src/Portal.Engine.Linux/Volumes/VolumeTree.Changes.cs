using System.Text;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Folders;
using Portal.Engine.Linux.Trees;
using Portal.Engine.Volumes.Contents;

namespace Portal.Engine.Linux.Volumes;

internal sealed partial class VolumeTree
{
    private const uint PrivateMode = 0x180; // 0600 until the owner is set
    private const int ModeMask = 0xFFF;

    public async Task<VolumeFile> WriteAsync(VolumePath path, VolumeWrite how, Stream content, CancellationToken cancellationToken)
    {
        byte[] leaf = [];
        using var folder = Explained(path, () => OpenParent(path, out leaf));
        var replaced = Explained(path, () => FindReplaced(folder, leaf, how, path));
        byte[]? name = null;
        using var file = Explained(path, () => OpenNew(folder, path, out name));
        try
        {
            var written = await CopyAsync(file, content, how.Size, path, cancellationToken).ConfigureAwait(false);
            return Explained(path, () =>
            {
                Adopt(file, folder, replaced, how, path);
                FileCalls.Flush(file, path.Text);
                name = Publish(folder, file, leaf, name, how.Replace, path);
                return Describe(FileCalls.Stat(file, path.Text), NameOf(path));
            });
        }
        finally
        {
            if (name is not null)
            {
                FileCalls.TryRemove(folder, name, isFolder: false);
            }
        }
    }

    public VolumeFile MakeFolder(VolumePath path, int mode)
    {
        return Explained(path, () =>
        {
            using var parent = OpenParent(path, out var leaf);
            Check(FileCalls.TryMakeFolder(parent, leaf, 0x1C0), "make folder", path); // 0700 until the owner is set
            var flags = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow;
            using var made = FileCalls.TryOpenAt(parent, leaf, flags, 0, out var error);
            Check(error, "open folder", path);
            var above = FileCalls.Stat(parent, path.Text);
            Check(FileCalls.TrySetOwner(made, above.UserId, above.GroupId), "set owner", path);
            Check(FileCalls.TrySetMode(made, (uint)mode), "set mode", path);
            return Describe(FileCalls.Stat(made, path.Text), NameOf(path));
        });
    }

    public VolumeFile Rename(VolumePath path, VolumePath newPath)
    {
        return Explained(path, () =>
        {
            using var from = OpenParent(path, out var oldLeaf);
            return Explained(newPath, () =>
            {
                using var to = OpenParent(newPath, out var leaf);
                var error = FileCalls.TryRenameNew(from, oldLeaf, to, leaf);
                if (error == Errno.NoEntry)
                {
                    throw EngineException.NotFound($"'{path.Text}' in the volume: there is no such file or folder.");
                }

                Check(error, "rename", newPath);
                using var node = TreeNode.TryOpen(to, leaf, newPath.Text) ?? throw new FileCallException(Errno.NoEntry, "open", newPath.Text);
                return Describe(node, NameOf(newPath));
            });
        });
    }

    public void Delete(VolumePath path, bool recursive)
    {
        Explained(path, () =>
        {
            using var parent = OpenParent(path, out var leaf);
            Check(FileCalls.TryStat(parent, leaf, out var stat), "find", path);
            if (stat.IsFolder && recursive)
            {
                FolderTree.RemoveAt(parent, leaf, path.Text, keepsMounts: true);
                return true;
            }

            var error = FileCalls.TryRemove(parent, leaf, stat.IsFolder);
            if (error == Errno.NotEmpty)
            {
                throw EngineException.Conflict(
                    $"'{path.Text}' in the volume: the folder is not empty. Delete it with all in it, or what is in it first.");
            }

            Check(error, "remove", path);
            return true;
        });
    }

    private static FileStat? FindReplaced(SafeFileHandle folder, byte[] leaf, VolumeWrite how, VolumePath path)
    {
        var error = FileCalls.TryStat(folder, leaf, out var stat);
        if (error == Errno.NoEntry)
        {
            return null;
        }

        Check(error, "find", path);
        if (!how.Replace)
        {
            throw new FileCallException(Errno.Exists, "make", path.Text);
        }

        return stat.IsRegular
            ? stat
            : throw EngineException.InvalidArgument($"'{path.Text}' is no regular file, so none is put in its place. Delete it first.");
    }

    /// <summary>A file that nobody finds: without a name where the file system has that, else with one of its own.</summary>
    private static SafeFileHandle OpenNew(SafeFileHandle folder, VolumePath path, out byte[]? name)
    {
        name = null;
        var file = FileCalls.TryOpenAt(folder, [(byte)'.', 0], OpenFlags.Temporary | OpenFlags.ReadWrite, PrivateMode, out var error);
        if (error is Errno.NotSupported or Errno.IsFolder or Errno.NoEntry)
        {
            file.Dispose();
            name = NextName();
            var flags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
            file = FileCalls.TryOpenAt(folder, name, flags, PrivateMode, out error);
        }

        Check(error, "make a file in the folder of", path);
        return file;
    }

    private static byte[] NextName() => FileCalls.NulTerminated(Encoding.ASCII.GetBytes($".portal-upload-{Guid.NewGuid():N}"));

    private static async Task<long> CopyAsync(
        SafeFileHandle file, Stream content, long? expected, VolumePath path, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var written = 0L;
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            var at = written;
            written += read;
            if (written > expected)
            {
                break;
            }

            Explained(path, () =>
            {
                RandomAccess.Write(file, buffer.AsSpan(0, read), at);
                return true;
            });
        }

        return expected is null || written == expected
            ? written
            : throw EngineException.InvalidArgument(
                $"Writing '{path.Text}' failed: {written} bytes came in place of the {expected} that were announced. Nothing was changed.");
    }

    /// <summary>Owner first: a change of it takes set-user-ID away.</summary>
    private static void Adopt(SafeFileHandle file, SafeFileHandle folder, FileStat? replaced, VolumeWrite how, VolumePath path)
    {
        var like = replaced ?? FileCalls.Stat(folder, path.Text);
        Check(FileCalls.TrySetOwner(file, like.UserId, like.GroupId), "set owner", path);
        Check(FileCalls.TrySetMode(file, replaced is null ? (uint)how.Mode : (uint)(like.Mode & ModeMask)), "set mode", path);
    }

    /// <returns>A name that is still to be removed, or null.</returns>
    private static byte[]? Publish(
        SafeFileHandle folder, SafeFileHandle file, byte[] leaf, byte[]? name, bool replace, VolumePath path)
    {
        if (name is null && !replace)
        {
            Check(FileCalls.TryGiveName(file, folder, leaf), "name", path);
            return null;
        }

        if (name is null)
        {
            // What has no name can't replace: it gets one first, which is gone again at once.
            name = NextName();
            Check(FileCalls.TryGiveName(file, folder, name), "name", path);
        }

        var error = replace ? FileCalls.TryRename(folder, name, folder, leaf) : FileCalls.TryRenameNew(folder, name, folder, leaf);
        if (error != 0)
        {
            FileCalls.TryRemove(folder, name, isFolder: false);
        }

        Check(error, "name", path);
        return null;
    }
}
