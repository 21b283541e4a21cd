namespace Portal.Agent.Consoles;

/// <summary>The newest output of a console, by position since its beginning. Grows to its capacity and stays there.</summary>
/// <param name="capacity">In bytes.</param>
/// <param name="begin">The position of the first byte that comes.</param>
/// <remarks>Guarded by its session's lock.</remarks>
internal sealed class ReplayBuffer(int capacity, long begin = 0)
{
    private const int FirstSize = 16 * 1024;
    private readonly long _begin = begin;
    private byte[] _bytes = new byte[Math.Min(FirstSize, capacity)];

    /// <summary>How much there ever was: the position of the next byte.</summary>
    public long End { get; private set; } = begin;

    /// <summary>The oldest position that is kept.</summary>
    public long Start => Math.Max(_begin, End - capacity);

    public void Append(ReadOnlySpan<byte> data)
    {
        // Of more than all of it the end alone would stay.
        if (data.Length > capacity)
        {
            End += data.Length - capacity;
            data = data[^capacity..];
        }

        Grow(data.Length);
        while (data.Length > 0)
        {
            var at = (int)((End - _begin) % _bytes.Length);
            var piece = data[..Math.Min(data.Length, _bytes.Length - at)];
            piece.CopyTo(_bytes.AsSpan(at));
            End += piece.Length;
            data = data[piece.Length..];
        }
    }

    /// <summary>Copies what is kept from a position on, as far as it fits.</summary>
    /// <returns>How many bytes.</returns>
    public int Read(long position, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, Start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, End);
        var length = (int)Math.Min(target.Length, End - position);
        for (var copied = 0; copied < length;)
        {
            var at = (int)((position - _begin + copied) % _bytes.Length);
            var piece = _bytes.AsSpan(at, Math.Min(length - copied, _bytes.Length - at));
            piece.CopyTo(target[copied..]);
            copied += piece.Length;
        }

        return length;
    }

    /// <summary>
    /// Where a screen may begin that can't begin at its beginning: behind the next line's end, so that neither half a character nor half a
    /// control sequence comes first.
    /// </summary>
    public long NextLine(long position)
    {
        const int Furthest = 4096;
        Span<byte> ahead = stackalloc byte[Furthest];
        var length = Read(position, ahead);
        return position + ahead[..length].IndexOf((byte)'\n') + 1;
    }

    private void Grow(int more)
    {
        if (_bytes.Length == capacity || End - _begin + more <= _bytes.Length)
        {
            return;
        }

        // It never went around before it had its full size, so all of it is at its beginning.
        var size = Math.Min(capacity, Math.Max(_bytes.Length * 2L, End - _begin + more));
        Array.Resize(ref _bytes, (int)size);
    }
}
