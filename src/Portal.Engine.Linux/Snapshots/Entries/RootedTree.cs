using System.Text;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Archives;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Snapshots.Overlay;

namespace Portal.Engine.Linux.Snapshots.Entries;

/// <summary>
/// Resolves the paths of an archive beneath a folder. The kernel does it (openat2(2) with RESOLVE_IN_ROOT), so neither absolute links nor
/// <c>..</c> lead out, whatever is in the tree. The last name is never followed.
/// </summary>
internal sealed class RootedTree : IDisposable
{
    private const uint MissingFolderMode = 0x1ED; // 0755
    private const int MaxCachedParents = 64;
    private readonly SafeFileHandle _root;

    // Entries of one folder come in a row: most parents are found here. Keys are bytes as Latin-1, which loses nothing.
    private readonly Dictionary<string, SafeFileHandle> _parents = [];

    public RootedTree(string path)
        : this(FileCalls.OpenFolder(path))
    {
    }

    /// <summary>Beneath an open folder, which is this object's from then on.</summary>
    public RootedTree(SafeFileHandle root)
    {
        _root = root;
    }

    public SafeFileHandle Root => _root;

    /// <summary>Who gets the folders that are missing; null for who makes them.</summary>
    public (uint User, uint Group)? Maker { get; init; }

    /// <summary>The names of a path without empty ones and single dots; empty for the root itself.</summary>
    public static List<byte[]> Split(byte[] path)
    {
        var names = new List<byte[]>();
        foreach (var range in path.AsSpan().Split((byte)'/'))
        {
            var name = path.AsSpan(range);
            if (name.SequenceEqual(".."u8))
            {
                throw new TarFormatException($"the path '{Encoding.UTF8.GetString(path)}' leads out of the layer");
            }

            // A whiteout's name is longer than the one that it hides.
            if (name.Length > (name.StartsWith(Whiteout.Prefix) ? 255 + Whiteout.Prefix.Length : 255))
            {
                throw new TarFormatException("a name is over 255 bytes long");
            }

            if (!name.IsEmpty && !name.SequenceEqual("."u8))
            {
                names.Add(name.ToArray());
            }
        }

        return names;
    }

    public static string Key(IEnumerable<byte[]> names) => string.Join('/', names.Select(Encoding.Latin1.GetString));

    /// <summary>
    /// The folder that holds the last of the names; made, with those above it, when it is missing. The handle stays this object's.
    /// </summary>
    public SafeFileHandle Parent(List<byte[]> names)
    {
        if (names.Count == 1)
        {
            return _root;
        }

        var key = Key(names.Take(names.Count - 1));
        if (_parents.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_parents.Count == MaxCachedParents)
        {
            Forget();
        }

        var folder = OpenOrMake(names, names.Count - 1);
        _parents.Add(key, folder);
        return folder;
    }

    /// <summary>The folder that holds the last of the names, or null when there is none.</summary>
    public SafeFileHandle? TryOpenParent(List<byte[]> names)
    {
        var folder = Open(names, names.Count - 1, OpenFlags.PathOnly | OpenFlags.Directory, out var error);
        return error == 0 ? folder : Missing(folder);
    }

    /// <summary>Opens a folder itself, or gives null when it is none any more.</summary>
    public SafeFileHandle? TryOpenFolder(List<byte[]> names)
    {
        var flags = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow;
        var folder = Open(names, names.Count, flags, out var error);
        return error == 0 ? folder : Missing(folder);
    }

    /// <summary>Must be called when a folder or link was replaced: remembered parents may be somewhere else now.</summary>
    public void Forget()
    {
        foreach (var parent in _parents.Values)
        {
            parent.Dispose();
        }

        _parents.Clear();
    }

    public void Dispose()
    {
        Forget();
        _root.Dispose();
    }

    private static SafeFileHandle? Missing(SafeFileHandle folder)
    {
        folder.Dispose();
        return null;
    }

    private SafeFileHandle OpenOrMake(List<byte[]> names, int count)
    {
        const int Flags = OpenFlags.PathOnly;
        var folder = Open(names, count, Flags | OpenFlags.Directory, out var error);
        if (error == Errno.NoEntry)
        {
            folder.Dispose();
            Make(names, count);
            folder = Open(names, count, Flags | OpenFlags.Directory, out error);
        }

        if (error == 0)
        {
            return folder;
        }

        folder.Dispose();
        var path = Key(names.Take(count));
        throw error is Errno.NotFolder or Errno.TooManyLinks or Errno.NoEntry
            ? new TarFormatException($"the path '{path}' goes through something that is no folder")
            : new FileCallException(error, "open folder", path);
    }

    private void Make(List<byte[]> names, int count)
    {
        for (var i = 1; i <= count; i++)
        {
            using var above = Open(names, i - 1, OpenFlags.PathOnly | OpenFlags.Directory, out var error);
            error = error == 0 ? FileCalls.TryMakeFolder(above, FileCalls.NulTerminated(names[i - 1]), MissingFolderMode) : error;
            if (error is Errno.NoEntry or Errno.NotFolder)
            {
                return;
            }

            if (error is not (0 or Errno.Exists))
            {
                throw new FileCallException(error, "make folder", Key(names.Take(i)));
            }

            if (error == 0)
            {
                var name = FileCalls.NulTerminated(names[i - 1]);
                FileCalls.TrySetModeAt(above, name, MissingFolderMode);
                if (Maker is { } maker)
                {
                    FileCalls.TrySetOwnerAt(above, name, maker.User, maker.Group);
                }
            }
        }
    }

    private SafeFileHandle Open(List<byte[]> names, int count, int flags, out int error)
    {
        var path = count == 0 ? "."u8.ToArray() : Encoding.Latin1.GetBytes(Key(names.Take(count)));
        return FileCalls.TryOpenIn(
            _root, FileCalls.NulTerminated(path), flags, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, out error);
    }
}
