using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Runtime.Conmon;

/// <summary>The newest output of an exec, as its monitor writes it down: by position since the program's first byte.</summary>
/// <remarks>
/// conmon bounds its file by going on in a new one of the same name. Each file that is read here is given a second name with the position of its
/// first byte, so that the one before is there as well, and a later engine knows where it is. One that conmon began and left again while no engine was there is lost; its
/// successor then begins behind a gap. One reader; not thread-safe.
/// </remarks>
internal sealed class KeptOutput : IDisposable
{
    /// <summary>
    /// In bytes. Larger than what conmon may write down while it waits for us to read: some fifty packets of 4 KiB are under way, and a line
    /// of two bytes has 47 in the file.
    /// </summary>
    public const int LargestFile = 4 * 1024 * 1024;

    /// <summary>In bytes: what is given to whoever takes over.</summary>
    public const int LargestKept = 1024 * 1024;

    private const string LinkPrefix = ProcessFolder.OutputName + "-";
    private static readonly byte[] s_source = [.. " stdout "u8];
    private static readonly byte[] s_name = FileCalls.NulTerminated("output"u8);
    private readonly ProcessFolder _folder;
    private readonly SafeFileHandle _root;
    private readonly byte[] _raw = new byte[64 * 1024];
    private readonly ArrayBufferWriter<byte> _output = new();
    private SafeFileHandle? _file;
    private ulong _inode;
    private long _offset;
    private long _base;

    private KeptOutput(ProcessFolder folder)
    {
        _folder = folder;
        _root = FileCalls.OpenFolder(folder.Root);
    }

    /// <summary>The position of the next byte.</summary>
    public long Position { get; private set; }

    /// <summary>Of an exec that begins: its monitor has made the file.</summary>
    public static KeptOutput Begin(ProcessFolder folder)
    {
        var output = new KeptOutput(folder);
        output.OpenNewest();
        return output;
    }

    /// <summary>Of an exec that was begun by an earlier engine, behind what is kept of it.</summary>
    /// <exception cref="FileCallException">Nothing is.</exception>
    public static (KeptOutput Output, ReadOnlyMemory<byte> Kept, long Start) TakeOver(ProcessFolder folder)
    {
        var output = new KeptOutput(folder);
        var kept = new ArrayBufferWriter<byte>();
        foreach (var position in output.ListLinks())
        {
            output._base = output.Position = position;
            output.Open(LinkOf(position));
            output.ReadFile(kept);
        }

        if (output._file is null)
        {
            output.OpenNewest();
        }
        else if (output.HasSuccessor())
        {
            // Whether another one was between is not to be known: so there is a gap, and what was before it does not belong here.
            output.Position++;
            kept.Clear();
            output.OpenNewest();
        }

        output.ReadFile(kept);
        var newest = kept.WrittenMemory[Math.Max(0, kept.WrittenCount - LargestKept)..];
        return (output, newest, output.Position - newest.Length);
    }

    /// <summary>What has come since; empty when nothing has. The memory is good until the next call.</summary>
    public ReadOnlyMemory<byte> Read()
    {
        while (true)
        {
            // Looked for before the end of the present file: conmon writes there no more once it has another.
            var hasSuccessor = HasSuccessor();
            _output.ResetWrittenCount();
            if (ReadPiece(_output))
            {
                return _output.WrittenMemory;
            }

            if (!hasSuccessor)
            {
                return default;
            }

            OpenNewest();
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _root.Dispose();
    }

    private static string LinkOf(long position) => LinkPrefix + position.ToString("D20", CultureInfo.InvariantCulture);

    private bool HasSuccessor() => FileCalls.TryStat(_root, s_name, out var newest) == 0 && newest.Inode != _inode;

    private void OpenNewest()
    {
        Open(ProcessFolder.OutputName);
        _base = Position;
        _ = FileCalls.TryMakeHardLink(_root, s_name, _root, NameOf(LinkOf(_base)));

        // The one before is needed while this one holds less than what is given away.
        foreach (var older in ListLinks().Where(position => position < _base).SkipLast(1))
        {
            Remove(older);
        }
    }

    private void Open(string name)
    {
        var file = FileCalls.TryOpenAt(_root, NameOf(name), OpenFlags.ReadOnly | OpenFlags.NoFollow, 0, out var error);
        if (file.IsInvalid)
        {
            file.Dispose();
            throw new FileCallException(error, "open", Path.Combine(_folder.Root, name));
        }

        _file?.Dispose();
        _file = file;
        _inode = FileCalls.Stat(file, name).Inode;
        _offset = 0;
    }

    private void ReadFile(ArrayBufferWriter<byte> target)
    {
        while (ReadPiece(target))
        {
            // To its end.
        }
    }

    // Whole lines alone: what is being written is read when it is there.
    private bool ReadPiece(IBufferWriter<byte> target)
    {
        var raw = _raw.AsSpan(0, RandomAccess.Read(_file!, _raw, _offset));
        var before = Position;
        while (raw.IndexOf((byte)'\n') is >= 0 and var end)
        {
            Append(raw[..(end + 1)], target);
            _offset += end + 1;
            raw = raw[(end + 1)..];
        }

        Forget(before);
        return Position > before;
    }

    // TIME stdout F text, where the line's end belongs to the text, or P, where it does not.
    private void Append(ReadOnlySpan<byte> line, IBufferWriter<byte> target)
    {
        var time = line.IndexOf(s_source);
        if (time < 0 || line.Length < time + s_source.Length + 3)
        {
            return;
        }

        var rest = line[(time + s_source.Length)..];
        var text = rest[0] == (byte)'P' ? rest[2..^1] : rest[2..];
        target.Write(text);
        Position += text.Length;
    }

    // The file before is of no use any more once this one alone has enough.
    private void Forget(long before)
    {
        if (before - _base < LargestKept && Position - _base >= LargestKept)
        {
            foreach (var older in ListLinks().Where(position => position < _base))
            {
                Remove(older);
            }
        }
    }

    private void Remove(long position) => _ = FileCalls.TryRemove(_root, NameOf(LinkOf(position)), isFolder: false);

    private List<long> ListLinks() =>
        [.. Directory.EnumerateFiles(_folder.Root, LinkPrefix + "*")
            .Select(path => Path.GetFileName(path)[LinkPrefix.Length..])
            .Where(digits => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(digits => long.Parse(digits, CultureInfo.InvariantCulture))
            .Order()];

    private static byte[] NameOf(string name) => FileCalls.NulTerminated(System.Text.Encoding.UTF8.GetBytes(name));
}
