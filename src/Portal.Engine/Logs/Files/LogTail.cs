namespace Portal.Engine.Logs.Files;

/// <summary>Finds where the last lines of a log begin, reading backwards, so that a long log costs no more than its end.</summary>
internal static class LogTail
{
    private const int BlockSize = 64 * 1024;

    /// <summary>
    /// A cursor before the last <paramref name="count"/> lines of the wanted streams, as they are now: lines that come while these are read
    /// are for those alone who follow.
    /// </summary>
    public static LogCursor Find(LogFileSet files, int count, LogQuery query)
    {
        var end = LogEnd.Of(files);
        LogEnd? last = query.Follow ? null : end;
        var counter = new Counter(count, query);
        var oldest = files.Rotated() is [var first, ..] ? Math.Min(first, end.Number) : end.Number;
        for (var number = end.Number; number >= oldest; number--)
        {
            using var file = files.OpenFrom(number);
            if (file is not null
                && file.Number == number
                && FindIn(file, number == end.Number ? end.Offset : file.Length, counter) is { } offset)
            {
                return new LogCursor(files, number, offset, last);
            }
        }

        return new LogCursor(files, oldest, 0, last);
    }

    private static long? FindIn(LogFile file, long end, Counter counter)
    {
        if (counter.IsFull)
        {
            return end;
        }

        // The window holds the file from start to end of what is not looked at yet, or the last part of that.
        var window = Array.Empty<byte>();
        for (var start = end; start > 0;)
        {
            var size = (int)Math.Min(BlockSize, start);
            var grown = GC.AllocateUninitializedArray<byte>(size + window.Length);
            file.Read(grown.AsSpan(0, size), start - size);
            window.CopyTo(grown.AsSpan(size));
            start -= size;
            var (found, left) = Scan(grown, isWhole: start == 0, counter);
            if (found is { } offset)
            {
                return start + offset;
            }

            window = grown[..left];
        }

        return null;
    }

    // Goes through the lines of the window from its end. Gives the place after the first line that is one too many, or
    // how much of the window is left at its start because the beginning of that line is not in it.
    private static (int? Found, int Left) Scan(ReadOnlySpan<byte> window, bool isWhole, Counter counter)
    {
        var end = window.Length;
        while (end > 0)
        {
            var text = window[..(window[end - 1] == '\n' ? end - 1 : end)];
            var begin = text.LastIndexOf((byte)'\n') + 1;
            if (begin == 0 && !isWhole)
            {
                break;
            }

            if (LogLineParser.TryParse(text[begin..], out var header) && counter.IsOneTooMany(header))
            {
                return (end, end);
            }

            end = begin;
        }

        return (null, end);
    }

    private sealed class Counter(int wanted, LogQuery query)
    {
        private int _lines;

        public bool IsFull => wanted <= 0;

        public bool IsOneTooMany(LogLineHeader header)
        {
            if (!LogFilter.IsWanted(query, header.Source) || (query.TailWithinTime && header.Time > query.Until))
            {
                return false;
            }

            // Parts belong to the line that ends after them; parts at the very end are a line that has not ended. Within a time that line
            // may have ended later: then it is none of those.
            if (!header.Partial || (_lines == 0 && !query.TailWithinTime))
            {
                _lines++;
            }

            return _lines > wanted;
        }
    }
}
