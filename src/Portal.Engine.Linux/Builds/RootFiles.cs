using System.Text;
using Portal.Engine.Builds.Files;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Folders;
using Portal.Engine.Linux.Runtime.Users;
using Portal.Engine.Linux.Trees;
using Portal.Engine.Linux.UserNamespaces;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Builds;

/// <inheritdoc cref="IRootFiles"/>
internal sealed class RootFiles(MountOwners owners) : IRootFiles
{
    public IFileTree Open(string rootPath, IReadOnlyList<string>? layers = null) => new RootTree(rootPath, layers ?? []);

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

    public void MountMapped(string folder, string place, IdMapping ids)
    {
        Directory.CreateDirectory(place, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            owners.Use(ids, space =>
            {
                MountCalls.MountMapped(folder, place, space, isReadOnly: false);
                return true;
            });
        }
        catch (FileCallException failure) when (failure.ErrorNumber is Errno.Invalid or Errno.NotSupported or Errno.NotImplemented)
        {
            Directory.Delete(place);
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"Mounting '{folder}' with mapped owners failed: {failure.Message}. That needs Linux 5.12, and a file system whose mounts "
                + "can be mapped (ext4, xfs, btrfs). Without the setting userns-remap it is not needed.",
                failure);
        }
    }

    public void UnmountMapped(string place)
    {
        while (MountCalls.Unmount(place))
        {
            // Each of those that a crash may have left one upon another.
        }

        // Not with what is in it: should it still be mounted, that would be what the folder holds.
        if (Directory.Exists(place))
        {
            Directory.Delete(place);
        }
    }

    public long Measure(string path) => FolderTree.Measure(path);

    private static void Check(int error, string path)
    {
        if (error != 0)
        {
            throw new FileCallException(error, "set owner and mode", path);
        }
    }
}
