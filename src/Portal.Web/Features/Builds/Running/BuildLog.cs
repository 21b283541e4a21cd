using System.Text;

namespace Portal.Web.Features.Builds.Running;

/// <summary>
/// The text of one step, bounded: of a very long one the beginning goes. Kept in blocks that never change once they are full, so that a
/// page that shows it draws only what is new.
/// </summary>
/// <remarks>Any thread.</remarks>
public sealed class BuildLog
{
    private const int BlockSize = 4096;
    private const int MostBlocks = 128;
    private const int MostInLine = 4096;
    private readonly Lock _lock = new();
    private readonly LinkedList<BuildLogBlock> _blocks = new();
    private readonly StringBuilder _block = new();
    private readonly StringBuilder _line = new();
    private readonly Decoder[] _decoders = [Encoding.UTF8.GetDecoder(), Encoding.UTF8.GetDecoder()];
    private long _number;
    private bool _returned;
    private Escape _escape;

    private enum Escape
    {
        None = 0,
        Begun,
        Control,
        Title,
    }

    /// <summary>True when the beginning is gone.</summary>
    public bool IsCut { get; internal set; }

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _blocks.Count == 0 && _block.Length == 0 && _line.Length == 0;
            }
        }
    }

    /// <summary>All of it, the last one unfinished.</summary>
    public IReadOnlyList<BuildLogBlock> Blocks
    {
        get
        {
            lock (_lock)
            {
                return [.. _blocks, new BuildLogBlock(_number, _block.ToString() + _line)];
            }
        }
    }

    /// <summary>Adds a line of the builder's own.</summary>
    public void Note(string text)
    {
        lock (_lock)
        {
            EndLine();
            Add(text);
            _line.Append('\n');
            EndLine();
        }
    }

    /// <summary>Adds what a program wrote.</summary>
    /// <param name="data">Bytes; a character may be cut between two calls.</param>
    /// <param name="isError">Which of its two streams.</param>
    public void Append(ReadOnlySpan<byte> data, bool isError)
    {
        lock (_lock)
        {
            var letters = new char[data.Length + 2];
            var count = _decoders[isError ? 1 : 0].GetChars(data, letters, flush: false);
            Add(letters.AsSpan(0, count));
        }
    }

    private void Add(ReadOnlySpan<char> letters)
    {
        foreach (var letter in letters)
        {
            if (SkipsEscape(letter))
            {
                continue;
            }

            switch (letter)
            {
                case '\n':
                    _line.Append('\n');
                    _returned = false;
                    EndLine();
                    break;
                case '\r':
                    // A line that is drawn over, as progress is: what comes next replaces it, unless that is the line's end.
                    _returned = true;
                    break;
                case < ' ' and not '\t':
                    break;
                default:
                    if (_returned)
                    {
                        _line.Clear();
                        _returned = false;
                    }

                    _line.Append(letter);
                    if (_line.Length >= MostInLine)
                    {
                        EndLine();
                    }

                    break;
            }
        }
    }

    // Colours and movements of terminals (ECMA-48): a page has no use for them.
    private bool SkipsEscape(char letter)
    {
        (_escape, var skips) = (_escape, letter) switch
        {
            (Escape.None, '\u001b') => (Escape.Begun, true),
            (Escape.None, _) => (Escape.None, false),
            (Escape.Begun, '[') => (Escape.Control, true),
            (Escape.Begun, ']') => (Escape.Title, true),
            (Escape.Begun, _) => (Escape.None, true),
            (Escape.Control, >= '@' and <= '~') => (Escape.None, true),
            (Escape.Title, '\u0007') => (Escape.None, true),
            (Escape.Title, '\u001b') => (Escape.Begun, true),
            (_, '\n') => (Escape.None, false),
            _ => (_escape, true),
        };
        return skips;
    }

    private void EndLine()
    {
        _block.Append(_line);
        _line.Clear();
        if (_block.Length < BlockSize)
        {
            return;
        }

        _blocks.AddLast(new BuildLogBlock(_number++, _block.ToString()));
        _block.Clear();
        if (_blocks.Count > MostBlocks)
        {
            _blocks.RemoveFirst();
            IsCut = true;
        }
    }
}
