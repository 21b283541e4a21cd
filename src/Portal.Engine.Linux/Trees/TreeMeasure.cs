using System.Text;
using Portal.Engine.Trees;

namespace Portal.Engine.Linux.Trees;

/// <summary>Counts what is beneath a path, without crossing into what is mounted there. One use.</summary>
internal sealed class TreeMeasure(int most) : IDisposable
{
    // Each level costs a descriptor, and whoever filled the tree chose its depth.
    private const int MaxDepth = 256;
    private readonly Stack<TreeFolder> _folders = new();
    private readonly HashSet<(ulong FileSystem, ulong Inode)> _seen = [];
    private long _files;
    private long _folderCount;
    private long _bytes;
    private bool _isWhole = true;
    private string? _mounted;

    public TreeTotals Measure(TreeNode node, string path, CancellationToken cancellationToken)
    {
        // Without a slash at either end: names below are put behind it.
        Count(node, Encoding.UTF8.GetBytes(path.Trim('/')));
        while (_folders.TryPeek(out var folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (folder.NextName() is not { } name)
            {
                _folders.Pop().Dispose();
            }
            else if (_files + _folderCount >= most)
            {
                _isWhole = false;
                break;
            }
            else
            {
                using var child = TreeNode.TryOpen(folder.Handle, name, folder.Text);
                if (child is not null)
                {
                    Count(child, folder.PathOf(name));
                }
            }
        }

        return new TreeTotals(_files, _folderCount, _bytes, _isWhole, _mounted);
    }

    public void Dispose()
    {
        while (_folders.TryPop(out var folder))
        {
            folder.Dispose();
        }
    }

    private void Count(TreeNode node, byte[] path)
    {
        var stat = node.Stat;

        // The tree's own root may be a mount too; it is never removed, and only what is in it counts.
        if (stat.IsMountRoot && path.Length > 0)
        {
            _mounted ??= "/" + Encoding.UTF8.GetString(path);
            return;
        }

        if (!stat.IsFolder)
        {
            _files++;
            _bytes += stat.IsRegular && (stat.LinkCount < 2 || _seen.Add((stat.FileSystem, stat.Inode))) ? stat.Size : 0;
            return;
        }

        _folderCount++;
        if (_folders.Count < MaxDepth)
        {
            _folders.Push(new TreeFolder(node.Handle, path));
        }
        else
        {
            _isWhole = false;
        }
    }
}
