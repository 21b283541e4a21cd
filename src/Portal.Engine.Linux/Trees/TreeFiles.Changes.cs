using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Folders;
using Portal.Engine.Trees;

namespace Portal.Engine.Linux.Trees;

/// <content>What changes files.</content>
internal sealed partial class TreeFiles
{
    private const uint FileMode = 0x1A4; // 0644
    private const uint FolderMode = 0x1ED; // 0755
    private const int MaxNameBytes = 255;

    public async Task WriteAsync(string path, Stream content, bool replaces, CancellationToken cancellationToken = default)
    {
        using var parent = Explained(path, "Writing", () => OpenParent(path, out _));
        var name = NameOf(path);
        var unfinished = FileCalls.NulTerminated(
            Encoding.ASCII.GetBytes(ITreeFiles.UnfinishedPrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))));
        var former = Explained(path, "Writing", () => FindFormer(parent, name, path, replaces));
        var file = Explained(path, "Writing", () => Create(parent, unfinished, path));
        var isDone = false;
        try
        {
            using (file)
            {
                await CopyAsync(content, file, cancellationToken).ConfigureAwait(false);
                Explained(path, "Writing", () => Complete(file, parent, former, path));
            }

            Explained(path, "Writing", () =>
            {
                var error = replaces
                    ? FileCalls.TryRename(parent, unfinished, parent, name)
                    : FileCalls.TryRenameNew(parent, unfinished, parent, name);
                return Check(error, "rename", path);
            });
            isDone = true;
        }
        catch (IOException failure) when (failure is FileCallException || failure.HResult is Errno.NoSpace or Errno.QuotaExceeded)
        {
            throw Explain(path, "Writing", failure);
        }
        finally
        {
            if (!isDone)
            {
                FileCalls.TryRemove(parent, unfinished, isFolder: false);
            }
        }
    }

    public void MakeFolder(string path) => Explained(path, "Making the folder", () =>
    {
        using var parent = OpenParent(path, out var owner);
        var name = NameOf(path);
        Check(FileCalls.TryMakeFolder(parent, name, FolderMode), "make folder", path);
        using var made = FileCalls.TryOpenAt(parent, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0, out var error);
        Check(error, "open", path);

        // The process's own mask took bits away.
        Check(FileCalls.TrySetOwner(made, owner.UserId, owner.GroupId), "set owner", path);
        return Check(FileCalls.TrySetMode(made, FolderMode), "set mode", path);
    });

    public void Rename(string path, string newPath) => Explained(path, "Renaming", () =>
    {
        using var parent = OpenParent(path, out _);
        using var newParent = OpenParent(newPath, out _);
        using var node = TreeNode.TryOpen(parent, NameOf(path), path) ?? throw EngineException.NotFound($"'{path}' is not there.");
        if (node.Stat.IsMountRoot)
        {
            throw new FileCallException(Errno.Busy, "rename", path);
        }

        return Check(FileCalls.TryRenameNew(parent, NameOf(path), newParent, NameOf(newPath)), "rename", path);
    });

    public void Remove(string path, CancellationToken cancellationToken = default) => Explained(path, "Removing", () =>
    {
        using var parent = OpenParent(path, out _);
        var name = NameOf(path);

        // Looked for first, so that nothing is gone when something stands against it.
        if (Measure(path, int.MaxValue, cancellationToken).Mounted is { } mounted)
        {
            throw EngineException.Conflict($"Removing '{path}' failed: something is mounted on '{mounted}'. Nothing was removed.");
        }

        FolderTree.RemoveAt(parent, name, path, keepsMounts: true);
        return 0;
    });

    private static byte[] NameOf(string path)
    {
        var bytes = TreePath.Parse(path).Bytes;
        if (bytes.AsSpan().SequenceEqual("."u8) || path.EndsWith("/.", StringComparison.Ordinal))
        {
            throw EngineException.InvalidArgument($"'{path}' can't be changed: it names no file and no folder below the top.");
        }

        var name = bytes[(bytes.AsSpan().LastIndexOf((byte)'/') + 1)..];
        return name.Length <= MaxNameBytes
            ? FileCalls.NulTerminated(name)
            : throw EngineException.InvalidArgument($"The name of '{path}' is too long: {MaxNameBytes} bytes are allowed.");
    }

    /// <summary>The folder that a path's last name is in; links on the way are followed.</summary>
    private SafeFileHandle OpenParent(string path, out FileStat stat)
    {
        NameOf(path);
        var bytes = TreePath.Parse(path).Bytes;
        var slash = bytes.AsSpan().LastIndexOf((byte)'/');
        var above = slash < 0 ? "."u8.ToArray() : bytes[..slash];
        using var node = TreeNode.TryResolve(root, above, OpenFlags.PathOnly | OpenFlags.Directory, Resolve)
            ?? throw EngineException.NotFound($"The folder of '{path}' is not there.");
        stat = node.Stat;
        return TreeFolder.Open(node.Handle);
    }

    private static FileStat? FindFormer(SafeFileHandle parent, byte[] name, string path, bool replaces)
    {
        using var node = TreeNode.TryOpen(parent, name, path);
        return node switch
        {
            null => null,
            { Stat.IsFolder: true } => throw new FileCallException(Errno.IsFolder, "write", path),
            _ when !replaces => throw new FileCallException(Errno.Exists, "write", path),
            { Stat.IsMountRoot: true } => throw new FileCallException(Errno.Busy, "write", path),

            // A link is replaced by the file: what it leads to, perhaps for others, stays as it is.
            _ => node.Stat.IsRegular ? node.Stat : null,
        };
    }

    private static SafeFileHandle Create(SafeFileHandle parent, byte[] name, string path)
    {
        const int Flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive;
        var file = FileCalls.TryOpenAt(parent, name, Flags | OpenFlags.NoFollow, 0x180, out var error); // 0600
        Check(error, "make", path);
        return file;
    }

    private static async Task CopyAsync(Stream content, SafeFileHandle file, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        int read;
        for (var at = 0L; (read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0; at += read)
        {
            RandomAccess.Write(file, buffer.AsSpan(0, read), at);
        }
    }

    private static int Complete(SafeFileHandle file, SafeFileHandle parent, FileStat? former, string path)
    {
        var owner = former ?? FileCalls.Stat(parent, path);
        Check(FileCalls.TrySetOwner(file, owner.UserId, owner.GroupId), "set owner", path);

        // After the owner: to change that takes the set-user-id bit away, which the former file may have had for good reason.
        Check(FileCalls.TrySetMode(file, former is { } stat ? stat.Mode & 0xFFFu : FileMode), "set mode", path);
        FileCalls.Flush(file, path);
        return 0;
    }

    private static int Check(int error, string what, string path) => error == 0 ? 0 : throw new FileCallException(error, what, path);
}
