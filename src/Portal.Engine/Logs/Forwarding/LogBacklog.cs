using Portal.Engine.Containers;
using Portal.Engine.Logs.Files;
using Portal.Engine.Logs.Forwarding.Options;

namespace Portal.Engine.Logs.Forwarding;

/// <summary>
/// How much of a log waits for a receiver that takes nothing, and whether that is too much: bytes with <c>mode=non-blocking</c>, events
/// with <c>fluentd-buffer-limit</c>.
/// </summary>
/// <remarks>Events are counted by a second reader that runs ahead, so that each is counted once.</remarks>
internal sealed class LogBacklog : IDisposable
{
    private readonly LogFileSet _chain;
    private readonly long? _mostBytes;
    private readonly long? _mostEvents;
    private LogCursor? _ahead;
    private long _waiting;

    public LogBacklog(ContainerSpec spec, LogFileSet chain)
    {
        _chain = chain;
        var options = spec.LogOptions;
        if (options.GetValueOrDefault("mode") == "non-blocking")
        {
            var size = options.GetValueOrDefault("max-buffer-size");
            _mostBytes = size is not null && LogDriverOptions.TryParseSize(size, out var bytes) ? bytes : LogDriverOptions.DefaultBuffer;
        }

        _mostEvents = spec.LogDriver == "fluentd" ? FluentdOptions.Parse(new OptionValues(options)).MostWaiting : null;
    }

    /// <summary>True when the oldest line is to be dropped.</summary>
    /// <param name="cursor">The reader of what is sent.</param>
    /// <param name="block">What it read and did not take yet.</param>
    public bool IsTooMuch(LogCursor cursor, in LogBlock block) =>
        (_mostBytes is { } bytes && BytesBehind(cursor, block.Left) > bytes)
        || (_mostEvents is { } events && EventsBehind(cursor, block, events) > events);

    /// <summary>An event was sent or dropped.</summary>
    public void Take() => _waiting -= _ahead is null ? 0 : 1;

    /// <summary>The receiver takes lines again: nothing needs to be counted.</summary>
    public void Dispose()
    {
        _ahead?.Dispose();
        _ahead = null;
        _waiting = 0;
    }

    private static long Length(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }

    private static long Ends(LogBlock block)
    {
        var count = 0;
        while (block.TryTake(out var record))
        {
            count += record.Partial ? 0 : 1;
        }

        return count;
    }

    private long BytesBehind(LogCursor cursor, int left)
    {
        var waiting = left + Length(_chain.CurrentPath) - cursor.Offset;
        return waiting + _chain.Rotated().Where(number => number >= cursor.Number).Sum(number => Length(_chain.RotatedPath(number)));
    }

    private long EventsBehind(LogCursor cursor, in LogBlock block, long most)
    {
        if (_ahead is null)
        {
            _ahead = new LogCursor(_chain, cursor.Number, cursor.Offset);
            _waiting = 1 + Ends(block);
        }

        while (_waiting <= most && _ahead.Read() is { } next)
        {
            _waiting += Ends(next);
        }

        return _waiting;
    }
}
