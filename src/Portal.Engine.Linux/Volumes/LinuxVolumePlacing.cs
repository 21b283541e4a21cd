using System.Text;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Folders;
using Portal.Engine.Linux.Snapshots.Entries;
using Portal.Engine.Volumes.Drivers;

namespace Portal.Engine.Linux.Volumes;

/// <inheritdoc cref="IVolumePlacing"/>
/// <remarks>
/// How far it is stands in the names within the working folder, each step a rename. <c>unpacked</c>: nothing is touched yet. <c>new</c>:
/// what was there is on its way into <c>old...</c>. <c>placing</c>: all of it is, and the new files are on their way to the root.
/// </remarks>
internal sealed class LinuxVolumePlacing : IVolumePlacing
{
    private const uint OwnerOnly = 0x1C0; // 0700
    private const int PermissionMask = 0xFFF;
    private static readonly byte[] s_unpacked = "unpacked\0"u8.ToArray();
    private static readonly byte[] s_new = "new\0"u8.ToArray();
    private static readonly byte[] s_placing = "placing\0"u8.ToArray();

    // A file system's own.
    private static readonly byte[] s_lostAndFound = "lost+found\0"u8.ToArray();

    public VolumeAside Begin(string root, string name)
    {
        try
        {
            using var folder = FileCalls.OpenFolder(root);
            Check(FileCalls.TryMakeFolder(folder, Name(name), OwnerOnly), "make folder", name);
            using var work = OpenChild(folder, Name(name)) ?? throw new FileCallException(Errno.NoEntry, "open folder", name);
            Check(FileCalls.TryMakeFolder(work, s_unpacked, OwnerOnly), "make folder", name);
            var unpacked = OpenChild(work, s_unpacked) ?? throw new FileCallException(Errno.NoEntry, "open folder", name);
            return new VolumeAside($"/proc/self/fd/{unpacked.DangerousGetHandle()}", unpacked);
        }
        catch (FileCallException failure) when (failure.ErrorNumber == Errno.ReadOnlyFileSystem)
        {
            throw new EngineException(
                EngineErrorKind.InvalidArgument, "The volume is mounted read-only, so nothing can be restored into it.", failure);
        }
        catch (FileCallException failure)
        {
            throw Failed(failure);
        }
    }

    public void Place(string root, string name)
    {
        try
        {
            using var folder = FileCalls.OpenFolder(root);
            using var work = OpenChild(folder, Name(name)) ?? throw new FileCallException(Errno.NoEntry, "open folder", name);
            Check(FileCalls.TryRename(work, s_unpacked, work, s_new), "rename", name);
            FileCalls.Flush(work, name);
            GoOn(folder, work, name);
        }
        catch (FileCallException failure)
        {
            throw Failed(failure);
        }
    }

    public void Settle(string root, string name)
    {
        try
        {
            using var folder = FileCalls.OpenFolder(root);
            using var work = OpenChild(folder, Name(name));
            if (work is not null)
            {
                GoOn(folder, work, name);
            }
        }
        catch (FileCallException failure)
        {
            throw Failed(failure);
        }
    }

    /// <summary>Goes on from wherever it is, and removes the working folder.</summary>
    private static void GoOn(SafeFileHandle folder, SafeFileHandle work, string name)
    {
        FileCallException? refused = null;
        if (Has(work, s_new))
        {
            // One more each time: names that somebody made anew meanwhile collide with nothing.
            var old = Name($"old-{Guid.NewGuid():N}");
            Check(FileCalls.TryMakeFolder(work, old, OwnerOnly), "make folder", name);
            using var oldFolder = OpenChild(work, old) ?? throw new FileCallException(Errno.NoEntry, "open folder", name);
            refused = ClearAway(folder, oldFolder, name);
            if (refused is null)
            {
                Check(FileCalls.TryRename(work, s_new, work, s_placing), "rename", name);
                FileCalls.Flush(work, name);
            }
            else
            {
                BringBack(work, folder, name);
            }
        }

        var time = refused is null ? MoveIn(work, folder, name) : null;
        FolderTree.RemoveAt(folder, Name(name), name, keepsMounts: true);
        if (time is { } made)
        {
            FileCalls.TrySetTimes(folder, made);
        }

        if (refused is not null)
        {
            throw refused;
        }
    }

    private static FileCallException? ClearAway(SafeFileHandle folder, SafeFileHandle old, string name)
    {
        foreach (var entry in FolderTree.List(folder, name).Where(entry => !IsKept(entry, name)))
        {
            var error = FileCalls.TryRename(folder, entry, old, entry);
            if (error is not (0 or Errno.NoEntry))
            {
                return new FileCallException(error, "move away", Text(entry));
            }
        }

        return null;
    }

    private static void BringBack(SafeFileHandle work, SafeFileHandle folder, string name)
    {
        foreach (var old in FolderTree.List(work, name).Where(entry => entry.AsSpan().StartsWith("old-"u8)))
        {
            using var oldFolder = OpenChild(work, old);
            foreach (var entry in oldFolder is null ? [] : FolderTree.List(oldFolder, name))
            {
                Check(FileCalls.TryRename(oldFolder!, entry, folder, entry), "move back", Text(entry));
            }
        }

        Check(FileCalls.TryRename(work, s_new, work, s_unpacked), "rename", name);
    }

    /// <returns>The time that the folder is to have; null when there is nothing to move.</returns>
    private static FileTime? MoveIn(SafeFileHandle work, SafeFileHandle folder, string name)
    {
        using var placing = OpenChild(work, s_placing);
        if (placing is null)
        {
            return null;
        }

        var stat = FileCalls.Stat(placing, name);
        foreach (var entry in FolderTree.List(placing, name))
        {
            var isThere = entry.AsSpan().SequenceEqual(s_lostAndFound) && Has(folder, entry);
            Check(isThere ? 0 : FileCalls.TryRename(placing, entry, folder, entry), "move in", Text(entry));
        }

        Check(FileCalls.TrySetOwner(folder, stat.UserId, stat.GroupId), "set owner", name);
        Check(FileCalls.TrySetMode(folder, (uint)(stat.Mode & PermissionMask)), "set mode", name);
        foreach (var attribute in FileCalls.ListAttributes(placing, name).Where(EntryAttributes.IsWanted))
        {
            if (FileCalls.GetAttribute(placing, attribute) is { } value)
            {
                Check(FileCalls.TrySetAttribute(folder, attribute, value), $"set attribute {attribute}", name);
            }
        }

        FileCalls.FlushFileSystem(folder, name);
        return stat.ModificationTime;
    }

    private static bool IsKept(byte[] entry, string name) =>
        entry.AsSpan().SequenceEqual(Name(name)) || entry.AsSpan().SequenceEqual(s_lostAndFound);

    private static bool Has(SafeFileHandle folder, byte[] name) => FileCalls.TryStat(folder, name, out _) == 0;

    private static SafeFileHandle? OpenChild(SafeFileHandle parent, byte[] name)
    {
        var child = FolderTree.OpenChild(parent, name, out var error);
        if (error == 0)
        {
            return child;
        }

        // What is no folder is somebody else's doing, and not walked.
        child.Dispose();
        return error is Errno.NoEntry or Errno.NotFolder or Errno.TooManyLinks ? null
            : throw new FileCallException(error, "open folder", Text(name));
    }

    private static byte[] Name(string name) => FileCalls.NulTerminated(Encoding.UTF8.GetBytes(name));

    private static string Text(byte[] name) => Encoding.UTF8.GetString(name.AsSpan().TrimEnd((byte)0));

    private static void Check(int error, string what, string path)
    {
        if (error != 0)
        {
            throw new FileCallException(error, what, path);
        }
    }

    private static EngineException Failed(FileCallException failure) => new(
        failure.IsDiskFull ? EngineErrorKind.Unavailable : EngineErrorKind.Internal,
        $"Restoring into what is mounted failed: {failure.Message}.",
        failure);
}
