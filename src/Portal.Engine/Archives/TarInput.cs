namespace Portal.Engine.Archives;

/// <summary>A buffer in front of the archive's stream, so that small headers cost no call, with a count of what was read.</summary>
internal sealed class TarInput(Stream stream, long maxBytes)
{
    private readonly byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _end;
    private long _total;

    /// <summary>Reads up to the buffer's length; 0 at the end of the stream.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        if (_start == _end && target.Length >= _buffer.Length)
        {
            return Count(await stream.ReadAsync(target, cancellationToken).ConfigureAwait(false));
        }

        if (_start == _end && !await FillAsync(cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        var taken = Math.Min(target.Length, _end - _start);
        _buffer.AsMemory(_start, taken).CopyTo(target);
        _start += taken;
        return taken;
    }

    /// <summary>Fills the target; false when the stream had ended before its first byte.</summary>
    public async ValueTask<bool> ReadExactlyAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        var done = 0;
        while (done < target.Length)
        {
            var read = await ReadAsync(target[done..], cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return done == 0 ? false : throw Truncated();
            }

            done += read;
        }

        return true;
    }

    /// <summary>Reads over some bytes; false when the stream ended before.</summary>
    public async ValueTask<bool> SkipAsync(long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            if (_start == _end && !await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            var taken = (int)Math.Min(count, _end - _start);
            _start += taken;
            count -= taken;
        }

        return true;
    }

    /// <summary>Reads whatever is left.</summary>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        do
        {
            _start = _end;
        }
        while (await FillAsync(cancellationToken).ConfigureAwait(false));
    }

    internal static TarFormatException Truncated() => new("the archive is cut off");

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        _start = 0;
        _end = Count(await stream.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false));
        return _end > 0;
    }

    private int Count(int read)
    {
        _total += read;
        return _total <= maxBytes
            ? read
            : throw new TarFormatException($"the archive holds over {maxBytes} bytes, the most that is allowed");
    }
}
