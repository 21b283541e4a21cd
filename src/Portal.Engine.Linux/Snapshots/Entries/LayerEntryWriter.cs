using Microsoft.Win32.SafeHandles;
using Portal.Engine.Archives;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Folders;
using Portal.Engine.Linux.Snapshots.Overlay;

namespace Portal.Engine.Linux.Snapshots.Entries;

/// <summary>Makes the entries of one archive in a folder. One per archive, used by one caller at a time.</summary>
internal sealed class LayerEntryWriter(RootedTree tree, TarReader reader, EntryRules rules, SharedContent? shared = null)
{
    private const uint NewFileMode = 0x180; // 0600 until the owner is set
    private readonly Dictionary<string, PendingFolder> _folders = [];
    private readonly byte[] _buffer = new byte[256 * 1024];
    private bool _isStale;

    /// <summary>Bytes of file content so far.</summary>
    public long Size { get; private set; }

    /// <summary>True when entries took the place of earlier ones, which <see cref="Size"/> counts as well.</summary>
    public bool HasReplaced { get; private set; }

    public async ValueTask WriteAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        if (_isStale)
        {
            tree.Forget();
            _isStale = false;
        }

        var names = RootedTree.Split(entry.PathBytes);
        if (rules.IsLayer && names.Exists(Whiteout.IsMetadata))
        {
            return;
        }

        if (names.Count == 0)
        {
            WriteRoot(entry);
            return;
        }

        names.InsertRange(0, rules.Below);
        entry = rules.Apply(entry);
        if (rules.IsLayer && Whiteout.TryParse(names[^1], out var hidden))
        {
            WriteWhiteout(names, hidden);
            return;
        }

        if (entry.Kind == TarEntryKind.HardLink && IsSame(names, entry))
        {
            return;
        }

        var parent = tree.Parent(names);
        var leaf = FileCalls.NulTerminated(names[^1]);
        if (entry.Kind == TarEntryKind.File)
        {
            await WriteFileAsync(parent, leaf, entry, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            WriteOther(parent, leaf, names, entry);
        }
    }

    /// <summary>Sets what only holds once nothing more is made in a folder: its time, and attributes that its files
    /// would inherit.</summary>
    public void Finish()
    {
        foreach (var pending in _folders.Values)
        {
            using var folder = tree.TryOpenFolder(pending.Names);
            if (folder is not null)
            {
                EntryAttributes.ApplyExtended(folder, pending.Entry);
                EntryAttributes.ApplyTime(folder, pending.Entry);
            }
        }
    }

    private bool IsSame(List<byte[]> names, TarEntry entry) => RootedTree.Key(LinkOf(entry)) == RootedTree.Key(names);

    private List<byte[]> LinkOf(TarEntry entry) => [.. rules.Below, .. RootedTree.Split(entry.LinkBytes)];

    private void WriteRoot(TarEntry entry)
    {
        if (entry.Kind != TarEntryKind.Folder)
        {
            throw new TarFormatException("the entry of the layer's root is no folder");
        }

        if (!rules.SetsRoot)
        {
            // The folder that is unpacked into stays as it is.
            return;
        }

        EntryAttributes.ApplyOwner(tree.Root, entry);
        _folders[""] = new PendingFolder([], entry);
    }

    private void WriteWhiteout(List<byte[]> names, byte[]? hidden)
    {
        var parent = tree.Parent(names);
        if (hidden is null)
        {
            // Opaque: the folder itself is in this layer, or is made, since the mark needs something to be on.
            names.RemoveAt(names.Count - 1);
            using var folder = tree.TryOpenFolder(names)
                ?? throw new TarFormatException($"the path '{RootedTree.Key(names)}' goes through something that is no folder");
            Whiteout.MarkOpaque(folder, RootedTree.Key(names));
            return;
        }

        Whiteout.Hide(parent, FileCalls.NulTerminated(hidden), RootedTree.Key(names));
    }

    private async ValueTask WriteFileAsync(
        SafeFileHandle parent, byte[] leaf, TarEntry entry, CancellationToken cancellationToken)
    {
        var flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
        var file = FileCalls.TryOpenAt(parent, leaf, flags, NewFileMode, out var error);
        if (error == Errno.Exists)
        {
            file.Dispose();
            rules.CheckReplaced(parent, leaf, entry);
            Replace(parent, leaf, entry);
            file = FileCalls.TryOpenAt(parent, leaf, flags, NewFileMode, out error);
        }

        using (file)
        {
            Check(error, entry);
            if (shared?.TryPlace(file, entry) is not true)
            {
                await new FileContentWriter(reader, _buffer, rules.IsLayer).WriteAsync(file, entry, cancellationToken)
                    .ConfigureAwait(false);
            }

            EntryAttributes.ApplyOwner(file, entry);
            EntryAttributes.ApplyExtended(file, entry);
            EntryAttributes.ApplyTime(file, entry);
        }

        Size += entry.Size;
    }

    private void WriteOther(SafeFileHandle parent, byte[] leaf, List<byte[]> names, TarEntry entry)
    {
        var error = Make(parent, leaf, entry);
        var wasHidden = false;
        if (error == Errno.Exists)
        {
            FileCalls.TryStat(parent, leaf, out var present);
            wasHidden = present.IsWhiteout;
            if (entry.Kind != TarEntryKind.Folder || !present.IsFolder)
            {
                rules.CheckReplaced(parent, leaf, entry);
                Replace(parent, leaf, entry);
                error = Make(parent, leaf, entry);
            }
            else
            {
                error = 0;
            }
        }

        Check(error, entry);
        if (entry.Kind == TarEntryKind.Folder)
        {
            FinishFolder(names, entry, wasHidden);
        }
        else if (entry.Kind != TarEntryKind.HardLink)
        {
            EntryAttributes.ApplyAt(parent, leaf, entry);
        }
    }

    private void FinishFolder(List<byte[]> names, TarEntry entry, bool isOpaque)
    {
        using var folder = tree.TryOpenFolder(names)
            ?? throw new TarFormatException($"the folder '{entry.Path}' can't be opened");
        EntryAttributes.ApplyOwner(folder, entry);
        if (isOpaque)
        {
            Whiteout.MarkOpaque(folder, entry.Path);
        }

        _folders[RootedTree.Key(names)] = new PendingFolder(names, entry);
    }

    private int Make(SafeFileHandle parent, byte[] leaf, TarEntry entry)
    {
        return entry.Kind switch
        {
            TarEntryKind.Folder => FileCalls.TryMakeFolder(parent, leaf, 0x1C0), // 0700 until the owner is set
            TarEntryKind.SymbolicLink => FileCalls.TryMakeSymbolicLink(FileCalls.NulTerminated(entry.LinkBytes), parent, leaf),
            TarEntryKind.HardLink => MakeHardLink(parent, leaf, entry),
            TarEntryKind.Fifo => FileCalls.TryMakeNode(parent, leaf, FileTypes.Fifo | NewFileMode, 0, 0),
            TarEntryKind.CharacterDevice => MakeDevice(parent, leaf, entry, FileTypes.CharacterDevice),
            _ => MakeDevice(parent, leaf, entry, FileTypes.BlockDevice),
        };
    }

    private int MakeHardLink(SafeFileHandle parent, byte[] leaf, TarEntry entry)
    {
        var target = LinkOf(entry);
        using var targetParent = target.Count == 0 ? null : tree.TryOpenParent(target);
        var error = targetParent is null
            ? Errno.NoEntry
            : FileCalls.TryMakeHardLink(targetParent, FileCalls.NulTerminated(target[^1]), parent, leaf);
        return error is Errno.NoEntry or Errno.NotPermitted
            ? throw new TarFormatException($"the hard link '{entry.Path}' points at '{entry.Link}', which is no file of this layer")
            : error;
    }

    private static int MakeDevice(SafeFileHandle parent, byte[] leaf, TarEntry entry, uint type)
    {
        // Character device 0:0 is how overlayfs hides names; numbers beyond these bounds don't exist.
        if (entry.DeviceMajor > 0xFFF || entry.DeviceMinor > 0xFFFFF
            || (type == FileTypes.CharacterDevice && entry is { DeviceMajor: 0, DeviceMinor: 0 }))
        {
            throw new TarFormatException(
                $"the device '{entry.Path}' has the number {entry.DeviceMajor}:{entry.DeviceMinor}, which no device may have");
        }

        return FileCalls.TryMakeNode(parent, leaf, type | NewFileMode, entry.DeviceMajor, entry.DeviceMinor);
    }

    private void Replace(SafeFileHandle parent, byte[] leaf, TarEntry entry)
    {
        FolderTree.RemoveAt(parent, leaf, entry.Path, keepsMounts: !rules.IsLayer);

        // Remembered parents may lead elsewhere now. The one in use here stays open until the next entry.
        _isStale = true;
        HasReplaced = true;
    }

    private static void Check(int error, TarEntry entry)
    {
        if (error != 0)
        {
            throw new FileCallException(error, $"make {entry.Kind}", entry.Path);
        }
    }

    private sealed record PendingFolder(List<byte[]> Names, TarEntry Entry);
}
