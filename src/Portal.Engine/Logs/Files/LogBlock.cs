namespace Portal.Engine.Logs.Files;

/// <summary>Whole lines of a log file, taken one after another. What does not parse is passed over.</summary>
/// <remarks>
/// The records point into the block's memory, which is never used again: so whoever reads may keep them, and there is one
/// allocation for some hundred lines instead of one for each.
/// </remarks>
internal struct LogBlock(ReadOnlyMemory<byte> lines)
{
    private ReadOnlyMemory<byte> _rest = lines;

    /// <summary>Bytes that are not taken yet.</summary>
    public readonly int Left => _rest.Length;

    public bool TryTake(out LogRecord record)
    {
        while (_rest.Length > 0)
        {
            var end = _rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? _rest : _rest[..end];
            var whole = end < 0 ? _rest : _rest[..(end + 1)];
            _rest = _rest[whole.Length..];
            if (LogLineParser.TryParse(line.Span, out var header))
            {
                // The file's newline is the line's own, but for a part, which has none.
                var text = (header.Partial ? line : whole)[Math.Min(header.Length, line.Length)..];
                record = new LogRecord(header.Time, header.Source, text, header.Partial);
                return true;
            }
        }

        record = default;
        return false;
    }
}
