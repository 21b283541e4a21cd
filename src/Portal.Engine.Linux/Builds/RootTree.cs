using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Archives;
using Portal.Engine.Builds.Files;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Trees;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Linux.Builds;

/// <summary>
/// A mounted root. Each path is opened by the kernel beneath the root with no link followed (openat2(2)), so whatever is in the tree, and
/// whatever is renamed in it meanwhile, nothing outside is reached.
/// </summary>
/// <param name="rootPath">The root.</param>
/// <param name="layers">The folders that its files are in, topmost first; none where nobody knows.</param>
internal sealed class RootTree(string rootPath, IReadOnlyList<string> layers) : IFileTree
{
    private readonly SafeFileHandle _root = FileCalls.OpenFolder(rootPath);
    private readonly ConcurrentDictionary<string, string> _identities = new(StringComparer.Ordinal);

    public TarEntry? Find(string path)
    {
        using var node = TreeNode.TryFind(_root, Encoding.UTF8.GetBytes(path));
        return node is null ? null : Describe(node, Encoding.UTF8.GetBytes(path));
    }

    public IReadOnlyList<TarEntry> List(string path)
    {
        using var node = TreeNode.TryFind(_root, Encoding.UTF8.GetBytes(path));
        if (node is not { Stat.IsFolder: true })
        {
            return [];
        }

        using var folder = new TreeFolder(node.Handle, Encoding.UTF8.GetBytes(path));
        var entries = new List<TarEntry>();
        while (folder.NextName() is { } name)
        {
            using var child = TreeNode.TryOpen(folder.Handle, name, path);
            if (child is not null && Describe(child, folder.PathOf(name)) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    public Stream OpenRead(TarEntry file)
    {
        using var node = TreeNode.TryFind(_root, file.PathBytes)
            ?? throw new FileNotFoundException($"'{file.Path}' is gone.");
        if (!node.Stat.IsRegular)
        {
            throw new IOException($"'{file.Path}' is no file any more.");
        }

        return new FileStream(Reopen(node, OpenFlags.ReadOnly), FileAccess.Read, bufferSize: 0);
    }

    /// <summary>
    /// The root shows files of its layers, but blocks are shared within one file system alone, which is the layers' own. The topmost layer
    /// with something of that path is the one that is shown.
    /// </summary>
    public SharedFile? Share(TarEntry file)
    {
        using var shown = TreeNode.TryFind(_root, file.PathBytes);
        foreach (var layer in layers)
        {
            using var folder = FileCalls.OpenFolder(layer);
            using var node = TreeNode.TryFind(folder, file.PathBytes);
            if (node is not null)
            {
                return shown is not null && IsSame(shown.Stat, node.Stat) ? new SharedFile(Reopen(node, OpenFlags.ReadOnly), 0) : null;
            }
        }

        return null;
    }

    public string DigestOf(TarEntry file)
    {
        using var stream = OpenRead(file);
        return FileHash.Of(stream);
    }

    public string? IdentityOf(TarEntry file) => _identities.GetValueOrDefault(Key(file));

    public void Dispose() => _root.Dispose();

    private TarEntry? Describe(TreeNode node, byte[] path)
    {
        if (TreeEntries.KindOf(node.Stat) is not { } kind)
        {
            return null;
        }

        var entry = TreeEntries.Describe(kind, path, node.Stat);
        if (kind == TarEntryKind.SymbolicLink)
        {
            return entry with { LinkBytes = FileCalls.ReadLink(node.Handle, entry.Path) };
        }

        if (kind == TarEntryKind.File && node.Stat.LinkCount > 1)
        {
            _identities[Key(entry)] = string.Create(CultureInfo.InvariantCulture, $"{node.Stat.FileSystem}:{node.Stat.Inode}");
        }

        if (kind is not (TarEntryKind.File or TarEntryKind.Folder))
        {
            return entry;
        }

        using var file = Reopen(node, kind == TarEntryKind.Folder ? OpenFlags.ReadOnly | OpenFlags.Directory : OpenFlags.ReadOnly);
        return entry with { ExtendedAttributes = TreeEntries.Attributes(file, entry.Path) };
    }

    /// <summary>A layer's file has its number in the root, too: whatever hides it, or is no file, has another one or kind.</summary>
    private static bool IsSame(FileStat shown, FileStat file)
    {
        return shown.IsRegular && file.IsRegular && shown.Inode == file.Inode && shown.Size == file.Size
            && shown.ModificationTime.Seconds == file.ModificationTime.Seconds
            && shown.ModificationTime.Nanoseconds == file.ModificationTime.Nanoseconds;
    }

    // A text that is different for different bytes, also for names that are no UTF-8.
    private static string Key(TarEntry entry) => Encoding.Latin1.GetString(entry.PathBytes);

    private static SafeFileHandle Reopen(TreeNode node, int flags)
    {
        var handle = FileCalls.TryReopen(node.Handle, flags, out var error);
        return error == 0 ? handle : throw new FileCallException(error, "open", "a file of a root");
    }
}
