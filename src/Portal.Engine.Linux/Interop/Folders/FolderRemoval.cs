using System.Collections.Concurrent;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Linux.Interop.Folders;

/// <summary>
/// One removal of a tree, in memory that does not grow with it: names are read and removed by the bufferful. What is too deep to descend
/// to is moved up to the top first. One thread each.
/// </summary>
/// <param name="path">For messages.</param>
/// <param name="keepsMounts">True to stop with EBUSY at anything that is mounted there.</param>
/// <param name="cancellationToken">Stops between two names.</param>
internal sealed class FolderRemoval(string path, bool keepsMounts, CancellationToken cancellationToken)
{
    // Enough pieces that no thread is left with much more than the others, few enough to keep their folders open.
    private const int PiecesPerWorker = 16;
    private const int MostSplits = 64;
    private SafeFileHandle? _top;
    private int _moved;

    /// <summary>
    /// Removes what is in a folder with several threads. Removing waits for the file system's journal and for the disk more than it
    /// computes: four threads take a third of the time of one (ext4, a million files).
    /// </summary>
    public static void RemoveContents(
        SafeFileHandle parent, byte[] name, string path, int workers, CancellationToken cancellationToken)
    {
        var open = new List<SafeFileHandle>();
        try
        {
            var pieces = Split(parent, name, path, workers * PiecesPerWorker, open);
            var queue = new ConcurrentQueue<(SafeFileHandle Parent, byte[] Name)>(pieces);

            // Threads of their own: they wait for the disk, and those of the pool serve requests. What a short container leaves has no
            // piece to share out, and the start of a thread spins until that thread gets a processor.
            var threads = Enumerable.Range(0, Math.Min(workers, pieces.Count))
                .Select(_ => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            Task.WhenAll(threads).GetAwaiter().GetResult();

            void Work()
            {
                while (queue.TryDequeue(out var piece))
                {
                    new FolderRemoval(path, false, cancellationToken).RemoveAt(piece.Parent, piece.Name);
                }
            }
        }
        finally
        {
            open.ForEach(folder => folder.Dispose());
        }
    }

    /// <summary>Removes a name in a folder, with all beneath it. Does nothing when it is not there.</summary>
    public void RemoveAt(SafeFileHandle parent, byte[] name) => RemoveAt(parent, name, 0);

    /// <summary>Folders beneath one, level by level, until there are enough of them to share out.</summary>
    private static List<(SafeFileHandle Parent, byte[] Name)> Split(
        SafeFileHandle parent, byte[] name, string path, int enough, List<SafeFileHandle> open)
    {
        var pieces = new Queue<(SafeFileHandle Parent, byte[] Name)>([(parent, name)]);
        for (var splits = 0; pieces.Count is > 0 && pieces.Count < enough && splits < MostSplits; splits++)
        {
            var piece = pieces.Dequeue();
            var folder = FolderTree.OpenChild(piece.Parent, piece.Name, out var error);
            if (error != 0)
            {
                continue;
            }

            open.Add(folder);
            foreach (var child in ListFolders(folder, path))
            {
                pieces.Enqueue((folder, child));
            }
        }

        return [.. pieces];
    }

    private static List<byte[]> ListFolders(SafeFileHandle folder, string path)
    {
        var folders = new List<byte[]>();
        var names = new List<byte[]>();
        var buffer = new byte[FolderTree.BufferSize];
        while (FolderTree.ReadNames(folder, buffer, path, names))
        {
            folders.AddRange(names.Where(child => FileCalls.TryStat(folder, child, out var stat) == 0 && stat.IsFolder));
            names.Clear();
        }

        return folders;
    }

    private void RemoveAt(SafeFileHandle parent, byte[] name, int depth)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (keepsMounts && FileCalls.TryStat(parent, name, out var stat) == 0 && stat.IsMountRoot)
        {
            throw new FileCallException(Errno.Busy, "remove", path);
        }

        var error = FileCalls.TryRemove(parent, name, isFolder: false);
        if (error is Errno.IsFolder or Errno.NotPermitted)
        {
            error = depth > FolderTree.MaxDepth ? MoveUp(parent, name) : RemoveFolder(parent, name, depth);
        }

        if (error is not (0 or Errno.NoEntry))
        {
            throw new FileCallException(error, "remove", path);
        }
    }

    private int RemoveFolder(SafeFileHandle parent, byte[] name, int depth)
    {
        var isTop = _top is null;
        var names = new List<byte[]>();
        var buffer = new byte[FolderTree.BufferSize];
        int error;
        bool hasProgressed;
        do
        {
            // Removing while reading makes some file systems skip names, and what was too deep came up here meanwhile: once more then.
            using var folder = FolderTree.OpenChild(parent, name, out error);
            if (error != 0)
            {
                return error;
            }

            _top = isTop ? folder : _top;
            hasProgressed = false;
            while (FolderTree.ReadNames(folder, buffer, path, names))
            {
                names.ForEach(child => RemoveAt(folder, child, depth + 1));
                hasProgressed |= names.Count > 0;
                names.Clear();
            }

            error = FileCalls.TryRemove(parent, name, isFolder: true);
        }
        while (error == Errno.NotEmpty && hasProgressed);
        return error;
    }

    private int MoveUp(SafeFileHandle parent, byte[] name)
    {
        var newName = Encoding.ASCII.GetBytes($".removed-{_moved++}");
        return FileCalls.TryRename(parent, name, _top!, FileCalls.NulTerminated(newName));
    }
}
