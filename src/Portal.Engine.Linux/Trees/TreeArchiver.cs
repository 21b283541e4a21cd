using Microsoft.Win32.SafeHandles;
using Portal.Engine.Archives;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Snapshots.Entries;
using Portal.Engine.Linux.Snapshots.Overlay;
using Portal.Engine.Trees;

namespace Portal.Engine.Linux.Trees;

/// <summary>
/// Writes a tree as a tar archive. Every step is relative to an open folder and opens a name itself before anything is decided about it,
/// so that whoever changes the tree meanwhile can make files come or go, and nothing else. One use, one caller.
/// </summary>
/// <remarks>The walk keeps its own stack: whoever filled the tree chose its depth.</remarks>
internal sealed class TreeArchiver : IDisposable
{
    private const int MaxPathBytes = 4095;
    private const int DefaultRootMode = 0x1ED; // 0755
    private readonly TarOutput _output;
    private readonly TreeForm _form;
    private readonly TreeData _data;
    private readonly Stack<TreeFolder> _folders = new();
    private readonly Dictionary<(ulong FileSystem, ulong Inode), byte[]> _names = [];
    private long _bytes;
    private long _entries;
    private int _pending;
    private bool _isExact = true;

    public TreeArchiver(TarOutput output, TreeForm form)
    {
        _output = output;
        _form = form;
        _data = new TreeData(output);
    }

    /// <summary>Writes what is in a folder, and the folder itself only if it is not as every root is: root's, with mode 0755.</summary>
    public async Task<LayerDiff> WriteRootAsync(SafeFileHandle root, CancellationToken cancellationToken)
    {
        var stat = FileCalls.Stat(root, "/");
        using var opened = TreeFolder.Open(root);
        var attributes = TreeEntries.Attributes(opened, "/");
        var isOpaque = _form.IsLayer && Whiteout.IsOpaque(opened);
        var isPlain = (stat.Mode & 0xFFF) == DefaultRootMode && IsRoots(stat) && attributes.Count == 0;
        if (!isPlain)
        {
            var entry = TreeEntries.Describe(TarEntryKind.Folder, "./"u8.ToArray(), stat);
            await BeginAsync(entry with { ExtendedAttributes = attributes }, cancellationToken).ConfigureAwait(false);
        }

        Push(root, []);
        if (isOpaque)
        {
            await WriteMarkAsync(Whiteout.OpaqueName.ToArray(), cancellationToken).ConfigureAwait(false);
        }

        return await FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes one thing under a name, with all beneath it.</summary>
    public async Task<LayerDiff> WriteAsync(TreeNode node, byte[] name, CancellationToken cancellationToken)
    {
        await WriteNodeAsync(node, name, cancellationToken).ConfigureAwait(false);
        return await FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        while (_folders.TryPop(out var folder))
        {
            folder.Dispose();
        }
    }

    private async Task<LayerDiff> FinishAsync(CancellationToken cancellationToken)
    {
        while (_folders.TryPeek(out var folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (folder.NextName() is { } name)
            {
                await WriteChildAsync(folder, name, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await LeaveAsync(folder, cancellationToken).ConfigureAwait(false);
            }
        }

        if (!_form.IsPart)
        {
            await _output.FinishAsync(cancellationToken).ConfigureAwait(false);
        }

        return new LayerDiff(_entries, _bytes, _isExact);
    }

    private async ValueTask WriteChildAsync(TreeFolder folder, byte[] name, CancellationToken cancellationToken)
    {
        var path = folder.PathOf(name);
        if (path.Length > MaxPathBytes)
        {
            throw EngineException.InvalidArgument(
                $"Writing the archive failed: there are paths of over {MaxPathBytes} bytes, which no archive holds.");
        }

        // Gone since the folder was read: then it was not there.
        using var node = TreeNode.TryOpen(folder.Handle, name, folder.Text);
        if (node is not null)
        {
            await WriteNodeAsync(node, path, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask WriteNodeAsync(TreeNode node, byte[] path, CancellationToken cancellationToken)
    {
        var stat = node.Stat;
        if (_form.IsLayer && stat.IsWhiteout)
        {
            await WriteWhiteoutAsync(path, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (TreeEntries.KindOf(stat) is not { } kind || (_form.OmitsMountPoints && MountPoints.Contain(node, path))
            || (_form.OmitsDevices && kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice))
        {
            _form.Omitted?.Invoke(path);
            Omit();
            return;
        }

        CheckName(path);
        if (kind == TarEntryKind.Folder)
        {
            await EnterAsync(node, path, cancellationToken).ConfigureAwait(false);
        }
        else if (stat.LinkCount > 1 && !_names.TryAdd((stat.FileSystem, stat.Inode), path))
        {
            var entry = TreeEntries.Describe(kind, path, stat);
            await BeginAsync(
                entry with { Kind = TarEntryKind.HardLink, LinkBytes = _names[(stat.FileSystem, stat.Inode)], Size = 0 },
                cancellationToken).ConfigureAwait(false);
        }
        else if (kind == TarEntryKind.File)
        {
            await WriteFileAsync(node, path, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var link = kind == TarEntryKind.SymbolicLink ? FileCalls.ReadLink(node.Handle, "a link") : [];
            await BeginAsync(TreeEntries.Describe(kind, path, stat) with { LinkBytes = link }, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask WriteFileAsync(TreeNode node, byte[] path, CancellationToken cancellationToken)
    {
        using var file = FileCalls.TryReopen(node.Handle, OpenFlags.ReadOnly | OpenFlags.NoAccessTime, out var error);
        if (error != 0)
        {
            throw new FileCallException(error, "open", Text(path));
        }

        var entry = TreeEntries.Describe(TarEntryKind.File, path, FileCalls.Stat(file, "a file"));
        _bytes += entry.Size;
        if (_bytes > _form.MaxBytes)
        {
            throw EngineException.InvalidArgument(
                $"Writing the archive failed: the files hold over {_form.MaxBytes} bytes, the most that is allowed. "
                + $"'{Text(path)}' is {entry.Size} bytes long; holes of sparse files count.");
        }

        await BeginAsync(entry with { ExtendedAttributes = TreeEntries.Attributes(file, Text(path)) }, cancellationToken)
            .ConfigureAwait(false);
        await _data.CopyAsync(file, entry.Size, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask EnterAsync(TreeNode node, byte[] path, CancellationToken cancellationToken)
    {
        var below = _form.Below is null ? null : TreeNode.TryFind(_form.Below, path);
        using (below)
        {
            var folder = Push(node.Handle, path);
            var attributes = TreeEntries.Attributes(folder.Handle, Text(path));
            folder.Pending = TreeEntries.Describe(TarEntryKind.Folder, path, node.Stat) with { ExtendedAttributes = attributes };
            var isOpaque = _form.IsLayer && Whiteout.IsOpaque(folder.Handle) && below is not { Stat.IsFolder: false }
                && (below is not null || _form.Below is null);
            _pending++;
            if (isOpaque)
            {
                await WriteMarkAsync([.. path, (byte)'/', .. Whiteout.OpaqueName], cancellationToken).ConfigureAwait(false);
            }
            else if (below is not null && IsUnchanged(node.Stat, attributes, below))
            {
                folder.IsDispensable = TreeEntries.IsSameTime(node.Stat, below.Stat);
            }
            else if (!(_form.OmitsMountPoints && below is null && MountPoints.MayBeBelow(path)))
            {
                await FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsUnchanged(in FileStat stat, IReadOnlyDictionary<string, byte[]> attributes, TreeNode below)
    {
        if (!below.Stat.IsFolder || !TreeEntries.IsAlike(stat, below.Stat))
        {
            return false;
        }

        using var opened = TreeFolder.Open(below.Handle);
        return TreeEntries.AreAlike(attributes, TreeEntries.Attributes(opened, "a folder"));
    }

    private async ValueTask LeaveAsync(TreeFolder folder, CancellationToken cancellationToken)
    {
        if (folder is { Pending: not null, IsDispensable: false })
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        _pending -= folder.Pending is null ? 0 : 1;
        _folders.Pop().Dispose();
    }

    private async ValueTask WriteWhiteoutAsync(byte[] path, CancellationToken cancellationToken)
    {
        using var below = _form.Below is null ? null : TreeNode.TryFind(_form.Below, path);
        if (below is null && _form.Below is not null)
        {
            // Hides nothing, and so says nothing.
            return;
        }

        var name = path.AsSpan().LastIndexOf((byte)'/') + 1;
        await WriteMarkAsync([.. path[..name], .. Whiteout.Prefix, .. path[name..]], cancellationToken).ConfigureAwait(false);
    }

    private ValueTask WriteMarkAsync(byte[] path, CancellationToken cancellationToken)
    {
        // Its time would be the one thing that differs between two archives of the same layer: whiteouts keep none when unpacked.
        return BeginAsync(new TarEntry { Kind = TarEntryKind.File, PathBytes = path }, cancellationToken);
    }

    private async ValueTask BeginAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        await PutAsync(entry, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask PutAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        _entries++;
        _form.Begun?.Invoke(_bytes);
        return _output.BeginAsync(_form.Ids is { } ids ? MappedOwners.ToInside(entry, ids) : entry, cancellationToken);
    }

    private bool IsRoots(in FileStat stat) =>
        stat.UserId == (_form.Ids?.RootUser ?? 0) && stat.GroupId == (_form.Ids?.RootGroup ?? 0);

    /// <summary>Writes the folders above that wait for something to be in them.</summary>
    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_pending == 0)
        {
            return;
        }

        _pending = 0;
        foreach (var folder in _folders.Reverse().Where(folder => folder.Pending is not null))
        {
            var entry = folder.Pending!;
            folder.Pending = null;
            await PutAsync(entry, cancellationToken).ConfigureAwait(false);
        }
    }

    private TreeFolder Push(SafeFileHandle node, byte[] path)
    {
        var folder = new TreeFolder(node, path);
        _folders.Push(folder);
        return folder;
    }

    private void Omit()
    {
        _isExact = false;
        if (_folders.TryPeek(out var folder))
        {
            folder.IsDispensable = true;
        }
    }

    private void CheckName(byte[] path)
    {
        var name = path.AsSpan()[(path.AsSpan().LastIndexOf((byte)'/') + 1)..];
        if (_form.IsLayer && name.StartsWith(Whiteout.Prefix))
        {
            throw EngineException.InvalidArgument(
                $"'{Text(path)}' can't be in a layer: names that begin with '.wh.' mean something else there (image-spec, layer.md).");
        }
    }

    private static string Text(byte[] path) => System.Text.Encoding.UTF8.GetString(path);
}
