using System.Text;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Snapshots.Overlay;
using Portal.Engine.Trees;

namespace Portal.Engine.Linux.Trees;

/// <summary>
/// Tells how a root's writable folder differs from the layers below, by Docker's rules: files by kind, owner, mode, size and time, folders
/// by all but size and time, both by their attributes.
/// </summary>
internal sealed class TreeComparer(SafeFileHandle upper, SafeFileHandle below)
{
    private readonly Stack<Level> _levels = new();

    public IEnumerable<TreeChange> Compare()
    {
        try
        {
            _levels.Push(Open(upper, [], isBelow: true));
            while (_levels.TryPeek(out var level))
            {
                var changes = level.Folder.NextName() is { } name ? CompareChild(level, name) : Leave();
                foreach (var change in changes)
                {
                    yield return change;
                }
            }
        }
        finally
        {
            while (_levels.TryPop(out var level))
            {
                level.Folder.Dispose();
            }
        }
    }

    private List<TreeChange> CompareChild(Level level, byte[] name)
    {
        var changes = new List<TreeChange>();
        var path = level.Folder.PathOf(name);
        using var node = TreeNode.TryOpen(level.Folder.Handle, name, level.Folder.Text);
        using var old = level.IsBelow ? TreeNode.TryFind(below, path) : null;
        if (node is null || (old is null && node.Stat.IsWhiteout))
        {
            return changes;
        }

        if (old is null && MountPoints.Contain(node, path))
        {
            level.HasOmitted = true;
            return changes;
        }

        if (node.Stat.IsWhiteout)
        {
            Add(changes, path, TreeChangeKind.Deleted);
        }
        else if (!node.Stat.IsFolder)
        {
            CompareFile(changes, node, old, path);
        }
        else
        {
            CompareFolder(changes, node, old, path);
        }

        return changes;
    }

    private List<TreeChange> Leave()
    {
        var level = _levels.Peek();
        var changes = new List<TreeChange>();
        if (level is { Pending: TreeChangeKind.Added, HasOmitted: false })
        {
            // A new folder with nothing in it, after all no way to a mount point.
            Tell(changes);
        }

        _levels.Pop().Folder.Dispose();
        return changes;
    }

    private void CompareFile(List<TreeChange> changes, TreeNode node, TreeNode? old, byte[] path)
    {
        if (old is null)
        {
            Add(changes, path, TreeChangeKind.Added);
        }
        else if (!TreeEntries.IsAlike(node.Stat, old.Stat) || node.Stat.Size != old.Stat.Size
            || !TreeEntries.IsSameTime(node.Stat, old.Stat) || !HaveSameAttributes(node, old))
        {
            Add(changes, path, TreeChangeKind.Modified);
        }
    }

    private void CompareFolder(List<TreeChange> changes, TreeNode node, TreeNode? old, byte[] path)
    {
        var isMerged = old is { Stat.IsFolder: true };
        var level = Open(node.Handle, path, isMerged);
        if (old is null && MountPoints.MayBeBelow(path))
        {
            level.Pending = TreeChangeKind.Added;
        }
        else if (old is null)
        {
            Add(changes, path, TreeChangeKind.Added);
        }
        else if (!TreeEntries.IsAlike(node.Stat, old.Stat) || !HaveSameAttributes(node, old))
        {
            Add(changes, path, TreeChangeKind.Modified);
        }
        else
        {
            // Only if something in it changed.
            level.Pending = TreeChangeKind.Modified;
        }

        _levels.Push(level);
        if (isMerged && Whiteout.IsOpaque(level.Folder.Handle))
        {
            AddHidden(changes, node, old!, path);
        }
    }

    /// <summary>What an opaque folder hides, but for the names that are in it again.</summary>
    private void AddHidden(List<TreeChange> changes, TreeNode node, TreeNode old, byte[] path)
    {
        using var folder = new TreeFolder(old.Handle, path);
        while (folder.NextName() is { } name)
        {
            using var present = TreeNode.TryOpen(node.Handle, name, folder.Text);
            if (present is null)
            {
                Add(changes, folder.PathOf(name), TreeChangeKind.Deleted);
            }
        }
    }

    private void Add(List<TreeChange> changes, byte[] path, TreeChangeKind kind)
    {
        Tell(changes);
        changes.Add(new TreeChange("/" + Encoding.UTF8.GetString(path), kind));
    }

    /// <summary>Tells of the folders above that wait for a change in them.</summary>
    private void Tell(List<TreeChange> changes)
    {
        foreach (var level in _levels.Reverse().Where(level => level.Pending is not null))
        {
            changes.Add(new TreeChange("/" + level.Folder.Text, level.Pending!.Value));
            level.Pending = null;
        }
    }

    private static bool HaveSameAttributes(TreeNode left, TreeNode right)
    {
        if (left.Stat.IsSymbolicLink || !(left.Stat.IsRegular || left.Stat.IsFolder))
        {
            return true;
        }

        using var first = Reopen(left);
        using var second = Reopen(right);
        return TreeEntries.AreAlike(TreeEntries.Attributes(first, "a file"), TreeEntries.Attributes(second, "a file"));
    }

    private static SafeFileHandle Reopen(TreeNode node)
    {
        var handle = FileCalls.TryReopen(node.Handle, OpenFlags.ReadOnly | OpenFlags.NoAccessTime, out var error);
        return error == 0 ? handle : throw new FileCallException(error, "open", "a file");
    }

    private static Level Open(SafeFileHandle handle, byte[] path, bool isBelow) =>
        new() { Folder = new TreeFolder(handle, path), IsBelow = isBelow };

    private sealed class Level
    {
        public required TreeFolder Folder { get; init; }

        /// <summary>True when the layers below have a folder here too.</summary>
        public required bool IsBelow { get; init; }

        /// <summary>What is to be told of the folder as soon as there is something to tell of what is in it.</summary>
        public TreeChangeKind? Pending { get; set; }

        /// <summary>True when a place that the runtime made is in it.</summary>
        public bool HasOmitted { get; set; }
    }
}
