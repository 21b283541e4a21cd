using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Trees;

/// <summary>A file, folder or anything else that was opened to be looked at: what is done with it is done with just this one.</summary>
internal sealed class TreeNode : IDisposable
{
    private TreeNode(SafeFileHandle handle, FileStat stat)
    {
        Handle = handle;
        Stat = stat;
    }

    public SafeFileHandle Handle { get; }

    public FileStat Stat { get; }

    /// <summary>A name in a folder, itself; null when it is gone.</summary>
    public static TreeNode? TryOpen(SafeFileHandle folder, byte[] name, string path)
    {
        var handle = FileCalls.TryOpenNode(folder, name, out var error);
        if (error != 0)
        {
            handle.Dispose();
            return error == Errno.NoEntry ? null : throw new FileCallException(error, "open", path);
        }

        return new TreeNode(handle, FileCalls.Stat(handle, path));
    }

    /// <summary>
    /// A path beneath a folder, no link followed; null when it is not there or leads through something that is no folder.
    /// </summary>
    public static TreeNode? TryFind(SafeFileHandle root, byte[] path)
    {
        const int Flags = OpenFlags.PathOnly;
        var handle = FileCalls.TryOpenIn(
            root,
            FileCalls.NulTerminated(path.Length == 0 ? "."u8 : path),
            Flags | OpenFlags.NoFollow,
            ResolveFlags.Beneath | ResolveFlags.NoSymbolicLinks | ResolveFlags.NoMagicLinks,
            out var error);
        if (error != 0)
        {
            handle.Dispose();
            return error is Errno.NoEntry or Errno.NotFolder or Errno.TooManyLinks
                ? null
                : throw new FileCallException(error, "open", System.Text.Encoding.UTF8.GetString(path));
        }

        return new TreeNode(handle, FileCalls.Stat(handle, "a file"));
    }

    public void Dispose() => Handle.Dispose();
}
