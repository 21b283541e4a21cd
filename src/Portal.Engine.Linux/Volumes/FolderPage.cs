using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Volumes.Contents;

namespace Portal.Engine.Linux.Volumes;

/// <summary>
/// Finds one page of a folder in the order of kind and name by going through all of its names once and keeping only the page's: memory
/// does not grow with the folder, and a page is right whatever comes and goes between two of them.
/// </summary>
internal sealed class FolderPage
{
    private const int BufferSize = 64 * 1024;
    private const byte UnknownType = 0;
    private const byte FolderType = 4;
    private readonly PriorityQueue<Name, Name> _page = new(Comparer<Name>.Create(static (left, right) => right.CompareTo(left)));
    private readonly VolumeListing _listing;
    private readonly byte[] _part;
    private readonly Name? _after;
    private bool _hasMore;

    public FolderPage(VolumeListing listing)
    {
        _listing = listing;
        _part = Encoding.UTF8.GetBytes(listing.NameContains);
        _after = listing.Token.Length == 0 ? null : Name.Parse(listing.Token);
    }

    /// <summary>How many names there are, so far as they were asked for.</summary>
    public long Total { get; private set; }

    /// <summary>Goes through a folder that was opened for reading.</summary>
    /// <returns>The page's names, each ending in NUL, and the token of the next page.</returns>
    public (IReadOnlyList<byte[]> Names, string NextToken) Read(SafeFileHandle folder, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        int read;
        while ((read = FileCalls.ReadFolder(folder, buffer, "a folder of a volume")) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var at = 0; at < read;)
            {
                // struct linux_dirent64: inode (8), offset (8), record length (2), type (1), name.
                var length = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 16));
                var name = buffer.AsSpan((at + 19)..(at + length));
                Look(folder, name[..name.IndexOf((byte)0)], buffer[at + 18]);
                at += length;
            }
        }

        var names = new List<Name>(_page.Count);
        while (_page.TryDequeue(out var name, out _))
        {
            names.Add(name);
        }

        names.Reverse();
        return (names.ConvertAll(name => FileCalls.NulTerminated(name.Bytes)), _hasMore ? names[^1].ToToken() : "");
    }

    private void Look(SafeFileHandle folder, ReadOnlySpan<byte> name, byte type)
    {
        if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8) || name.IndexOf(_part) < 0)
        {
            return;
        }

        Total++;
        var found = new Name(type == FolderType || (type == UnknownType && IsFolder(folder, name)), name.ToArray());
        if (_after is { } after && found.CompareTo(after) <= 0)
        {
            return;
        }

        if (_page.Count < _listing.PageSize)
        {
            _page.Enqueue(found, found);
        }
        else
        {
            _hasMore = true;
            if (found.CompareTo(_page.Peek()) < 0)
            {
                _page.EnqueueDequeue(found, found);
            }
        }
    }

    private static bool IsFolder(SafeFileHandle folder, ReadOnlySpan<byte> name) =>
        FileCalls.TryStat(folder, FileCalls.NulTerminated(name), out var stat) == 0 && stat.IsFolder;

    private readonly record struct Name(bool IsFolder, byte[] Bytes) : IComparable<Name>
    {
        private const int MaxToken = 400;

        public static Name Parse(string token)
        {
            var bytes = new byte[MaxToken];
            return token.Length <= MaxToken && Convert.TryFromBase64String(token, bytes, out var length)
                && length is > 1 and <= 256 && bytes[0] is 0 or 1
                ? new Name(bytes[0] == 1, bytes[1..length])
                : throw EngineException.InvalidArgument("The page token is none that this node gave. List from the first page again.");
        }

        public string ToToken() => Convert.ToBase64String([IsFolder ? (byte)1 : (byte)0, .. Bytes]);

        public int CompareTo(Name other) =>
            IsFolder != other.IsFolder ? (IsFolder ? -1 : 1) : Bytes.AsSpan().SequenceCompareTo(other.Bytes);
    }
}
