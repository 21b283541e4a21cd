using System.Runtime.InteropServices;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Cgroups;

/// <summary>rmdir(2) on cgroups, whose folders hold files that can't and need not be removed.</summary>
internal static partial class FolderCalls
{
    /// <summary>Removes one folder.</summary>
    /// <returns>True when it is gone.</returns>
    public static bool TryRemove(string path)
    {
        return Native.RemoveFolder(path) == 0 || Marshal.GetLastPInvokeError() == Errno.NoEntry;
    }

    /// <summary>Removes a folder and all below it, deepest first.</summary>
    /// <returns>True when all are gone.</returns>
    public static bool TryRemoveTree(string path)
    {
        if (TryRemove(path))
        {
            return true;
        }

        try
        {
            foreach (var child in Directory.EnumerateDirectories(path))
            {
                TryRemoveTree(child);
            }
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }

        return TryRemove(path);
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int RemoveFolder(string path);
    }
}
