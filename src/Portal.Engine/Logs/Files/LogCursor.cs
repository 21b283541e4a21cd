namespace Portal.Engine.Logs.Files;

/// <summary>A place in a container's log that moves forward, across the files of the chain.</summary>
/// <remarks>One reader each; not thread-safe.</remarks>
internal sealed class LogCursor : IDisposable
{
    // Below the size from which arrays live until a full garbage collection.
    private const int BlockSize = 64 * 1024;

    // conmon splits lines at some kilobytes; what is longer than this is no line of its.
    private const int LongestLine = 1024 * 1024;

    private readonly LogFileSet _files;
    private readonly LogEnd? _end;
    private LogFile? _file;
    private int _number;
    private long _offset;

    /// <param name="files">The chain.</param>
    /// <param name="number">The file to begin with, or the next one that is there.</param>
    /// <param name="offset">Where in that file.</param>
    /// <param name="end">Where it stops, however much is written meanwhile; null to read whatever comes.</param>
    public LogCursor(LogFileSet files, int number, long offset, LogEnd? end = null)
    {
        _files = files;
        _end = end;
        _number = number;
        _offset = offset;
    }

    /// <summary>The file that is read.</summary>
    public int Number => _number;

    /// <summary>Where in it the next block begins.</summary>
    public long Offset => _offset;

    /// <summary>Opens the file now, if it is there, so that it can be read to its end whatever becomes of its name.</summary>
    public void Hold() => Open();

    /// <summary>The next whole lines, or null when there are none now.</summary>
    public LogBlock? Read()
    {
        while (Open())
        {
            if (ReadLines() is { } block)
            {
                return block;
            }

            if (!_files.IsComplete(_number))
            {
                return null;
            }

            // It may have grown between the reading and the look.
            if (ReadLines() is { } late)
            {
                return late;
            }

            _file!.Dispose();
            _file = null;
            _number++;
            _offset = 0;
        }

        return null;
    }

    public void Dispose() => _file?.Dispose();

    private bool Open()
    {
        if (_file is not null)
        {
            return true;
        }

        if (_number > _end?.Number)
        {
            return false;
        }

        _file = _files.OpenFrom(_number);
        if (_file is not null && _file.Number != _number)
        {
            // The wanted one was dropped.
            _number = _file.Number;
            _offset = 0;
        }

        return _file is not null;
    }

    private long EndOf(int number)
    {
        return _end is not { } end || number < end.Number ? long.MaxValue : number == end.Number ? end.Offset : 0;
    }

    private LogBlock? ReadLines()
    {
        for (var size = BlockSize; ; size *= 2)
        {
            var available = Math.Min(_file!.Length, EndOf(_file.Number)) - _offset;
            if (available <= 0)
            {
                return null;
            }

            var buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(size, available));
            var read = _file.Read(buffer, _offset);
            var end = buffer.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
            if (end > 0)
            {
                _offset += end;
                return new LogBlock(buffer.AsMemory(0, end));
            }

            if (read < size)
            {
                return null;
            }

            if (size >= LongestLine)
            {
                _offset += read;
            }
        }
    }
}
