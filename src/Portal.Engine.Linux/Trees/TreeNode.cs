using System.Text;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Errors;
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
        const ResolveFlags Resolve = ResolveFlags.Beneath | ResolveFlags.NoSymbolicLinks | ResolveFlags.NoMagicLinks;
        var node = TryResolve(root, path.Length == 0 ? "."u8.ToArray() : path, OpenFlags.PathOnly | OpenFlags.NoFollow, Resolve, out var error);
        return error is 0 or Errno.NoEntry or Errno.NotFolder or Errno.TooManyLinks
            ? node
            : throw new FileCallException(error, "open", Encoding.UTF8.GetString(path));
    }

    /// <summary>A path that a user gave; null when nothing is there.</summary>
    /// <exception cref="EngineException">InvalidArgument: it leads through something that is no folder, or round in circles.</exception>
    public static TreeNode? TryResolve(SafeFileHandle root, byte[] path, int flags, ResolveFlags resolve)
    {
        var node = TryResolve(root, path, flags, resolve, out var error);
        return error switch
        {
            0 or Errno.NoEntry => node,
            Errno.NotFolder => throw EngineException.InvalidArgument($"/{Encoding.UTF8.GetString(path)}: not a directory"),
            Errno.TooManyLinks => throw EngineException.InvalidArgument(
                $"/{Encoding.UTF8.GetString(path)}: too many levels of symbolic links"),
            Errno.TryAgain => throw EngineException.Conflict(
                $"/{Encoding.UTF8.GetString(path)}: what it leads through is being renamed all the time; try again"),
            Errno.NameTooLong => throw EngineException.InvalidArgument($"/{Encoding.UTF8.GetString(path)}: file name too long"),
            _ => throw new FileCallException(error, "open", Encoding.UTF8.GetString(path)),
        };
    }

    private static TreeNode? TryResolve(SafeFileHandle root, byte[] path, int flags, ResolveFlags resolve, out int error)
    {
        var handle = FileCalls.TryOpenIn(root, FileCalls.NulTerminated(path), flags, resolve, out error);
        if (error == 0)
        {
            return new TreeNode(handle, FileCalls.Stat(handle, "a file"));
        }

        handle.Dispose();
        return null;
    }

    /// <summary>What a handle stands for, which is this object's from then on.</summary>
    public static TreeNode Of(SafeFileHandle handle, string path) => new(handle, FileCalls.Stat(handle, path));

    public void Dispose() => Handle.Dispose();
}
