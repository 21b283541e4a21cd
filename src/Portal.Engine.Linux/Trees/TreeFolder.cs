using Microsoft.Win32.SafeHandles;
using Portal.Engine.Archives;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Folders;

namespace Portal.Engine.Linux.Trees;

/// <summary>A folder in the middle of a walk: open, with its names in the order of their bytes.</summary>
internal sealed class TreeFolder : IDisposable
{
    private readonly List<byte[]> _names;
    private int _next;

    /// <param name="node">The folder, opened in whatever way; stays the caller's.</param>
    /// <param name="path">Its path in the archive, without a slash at the end; empty for the top.</param>
    public TreeFolder(SafeFileHandle node, byte[] path)
    {
        Handle = Open(node);
        Path = path;
        _names = FolderTree.List(Handle, Text);
        _names.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
    }

    public SafeFileHandle Handle { get; }

    public byte[] Path { get; }

    public string Text => System.Text.Encoding.UTF8.GetString(Path);

    /// <summary>Its own entry, while nothing has needed it to be written.</summary>
    public TarEntry? Pending { get; set; }

    /// <summary>
    /// True when its own entry would say nothing: it is like the folder of the layers below, or all that was done in it was left out.
    /// It is written even so before something that is in it.
    /// </summary>
    public bool IsDispensable { get; set; }

    /// <summary>Opens a folder that was opened itself for reading.</summary>
    public static SafeFileHandle Open(SafeFileHandle node)
    {
        var flags = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoAccessTime;
        var handle = FileCalls.TryOpenAt(node, [(byte)'.', 0], flags, 0, out var error);
        return error == 0 ? handle : throw new FileCallException(error, "open", "a folder");
    }

    /// <summary>True when nothing is in a folder.</summary>
    public static bool IsEmpty(SafeFileHandle node)
    {
        using var handle = Open(node);
        return FolderTree.List(handle, "a folder").Count == 0;
    }

    /// <summary>The next name, ending in NUL, or null.</summary>
    public byte[]? NextName() => _next < _names.Count ? _names[_next++] : null;

    /// <summary>The path of a name in it, which ends in NUL.</summary>
    public byte[] PathOf(ReadOnlySpan<byte> name)
    {
        var plain = name[..^1];
        return Path.Length == 0 ? plain.ToArray() : Path[^1] == '/' ? [.. Path, .. plain] : [.. Path, (byte)'/', .. plain];
    }

    public void Dispose() => Handle.Dispose();
}
