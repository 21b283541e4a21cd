using System.Text;
using Portal.Engine.Builds.Files;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Folders;
using Portal.Engine.Linux.Runtime.Users;
using Portal.Engine.Linux.Trees;

namespace Portal.Engine.Linux.Builds;

/// <inheritdoc cref="IRootFiles"/>
internal sealed class RootFiles : IRootFiles
{
    public IFileTree Open(string rootPath) => new RootTree(rootPath);

    public (uint UserId, uint GroupId) FindOwner(string rootPath, string owner)
    {
        var colon = owner.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
        {
            var both = UserLookup.Find(rootPath, owner);
            return (both.Uid, both.Gid);
        }

        // A number alone is user and group; a name alone brings its user's group.
        var user = UserLookup.Find(rootPath, owner);
        return owner.All(char.IsAsciiDigit) ? (user.Uid, user.Uid) : (user.Uid, user.Gid);
    }

    public void MakeFolder(string path, int mode, uint userId, uint groupId)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            using var folder = FileCalls.OpenFolder(path);
            Check(FileCalls.TrySetOwner(folder, userId, groupId), path);
            Check(FileCalls.TrySetMode(folder, (uint)mode), path);
        }
    }

    public void MakeFile(string path, ReadOnlyMemory<byte> content, int mode, uint userId, uint groupId)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var file = new FileStream(path, options);
        file.Write(content.Span);
        file.Flush();
        Check(FileCalls.TrySetOwner(file.SafeFileHandle, userId, groupId), path);
        Check(FileCalls.TrySetMode(file.SafeFileHandle, (uint)mode), path);
    }

    public void RemoveEmpty(string rootPath, string path)
    {
        var slash = path.LastIndexOf('/');
        using var root = FileCalls.OpenFolder(rootPath);

        // No link is followed to the folder above, and what is removed is the name in it: a link there is no folder and not empty.
        using var above = TreeNode.TryFind(root, Encoding.UTF8.GetBytes(path[..Math.Max(0, slash)]));
        if (above is not { Stat.IsFolder: true })
        {
            return;
        }

        var name = FileCalls.NulTerminated(Encoding.UTF8.GetBytes(path[(slash + 1)..]));
        using var folder = TreeFolder.Open(above.Handle);
        using var node = TreeNode.TryOpen(folder, name, path);
        if (node is { Stat.IsFolder: true } || node is { Stat: { IsRegular: true, Size: 0 } })
        {
            // Not empty is no failure: then it is the step's own.
            _ = FileCalls.TryRemove(folder, name, node.Stat.IsFolder);
        }
    }

    public void RemoveFolder(string path) => FolderTree.Remove(path);

    public long Measure(string path) => FolderTree.Measure(path);

    private static void Check(int error, string path)
    {
        if (error != 0)
        {
            throw new FileCallException(error, "set owner and mode", path);
        }
    }
}
