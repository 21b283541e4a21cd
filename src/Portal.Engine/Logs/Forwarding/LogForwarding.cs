using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Logs.Files;
using Portal.Engine.Storage;

namespace Portal.Engine.Logs.Forwarding;

/// <summary>The sending of one container's log, from a place in its files on.</summary>
/// <remarks>
/// <para>
/// The files are the buffer. In the mode <c>blocking</c> a line is tried until its receiver takes it, and what waits
/// meanwhile is bounded by
/// the rotation of the files. In the mode <c>non-blocking</c>, lines are dropped while more than <c>max-buffer-size</c> waits behind a
/// receiver that takes nothing.
/// </para>
/// <para>The place is written down once a second and at the end: an engine that is killed sends the lines of its last second again.</para>
/// </remarks>
internal sealed class LogForwarding
{
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_saveInterval = TimeSpan.FromSeconds(1);
    private readonly LogAssembler _assembler = new();
    private readonly LogFileSet _chain;
    private readonly string _path;
    private readonly LogCursor _cursor;
    private readonly IDurableFiles _files;
    private readonly TimeProvider _time;
    private readonly Action _tellFailure;
    private readonly long? _buffer;
    private LogPosition _sent;
    private LogPosition _saved;
    private long _savedAt;
    private bool _failing;

    public LogForwarding(Container container, LogCursor cursor, IDurableFiles files, TimeProvider time, Action tellFailure)
    {
        var options = container.Spec.LogOptions;
        _chain = new LogFileSet(container.Folder.Log);
        _path = container.Folder.Forwarded;
        _cursor = cursor;
        _files = files;
        _time = time;
        _tellFailure = tellFailure;
        _sent = _saved = new LogPosition(cursor.Number, cursor.Offset);
        _savedAt = time.GetTimestamp();
        if (options.GetValueOrDefault("mode") == "non-blocking")
        {
            var size = options.GetValueOrDefault("max-buffer-size");
            _buffer = size is not null && LogDriverOptions.TryParseSize(size, out var bytes) ? bytes : LogDriverOptions.DefaultBuffer;
        }
    }

    /// <summary>Sends what is in the files now.</summary>
    public async Task SendAllAsync(ILogSink sink, CancellationToken cancellationToken)
    {
        try
        {
            while (_cursor.Read() is { } block)
            {
                while (block.TryTake(out var record))
                {
                    foreach (var message in _assembler.Add(record))
                    {
                        await SendAsync(sink, message, block.Left, cancellationToken).ConfigureAwait(false);
                    }

                    if (_assembler.IsEmpty)
                    {
                        _sent = new LogPosition(_cursor.Number, _cursor.Offset - block.Left);
                    }
                }

                if (_time.GetElapsedTime(_savedAt) >= s_saveInterval)
                {
                    Save();
                }
            }
        }
        finally
        {
            Save();
        }
    }

    private async Task SendAsync(ILogSink sink, LogMessage message, int left, CancellationToken cancellationToken)
    {
        for (var pause = s_firstRetry; !(_failing && IsTooMuch(left)); pause = Longer(pause))
        {
            try
            {
                await sink.SendAsync(message, cancellationToken).ConfigureAwait(false);
                _failing = false;
                return;
            }
            catch (IOException)
            {
                if (!_failing)
                {
                    _tellFailure();
                }

                _failing = true;
                Save();
            }

            await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsTooMuch(int left)
    {
        if (_buffer is not { } most)
        {
            return false;
        }

        var waiting = left + Length(_chain.CurrentPath) - _cursor.Offset;
        waiting += _chain.Rotated().Where(number => number >= _cursor.Number).Sum(number => Length(_chain.RotatedPath(number)));
        return waiting > most;
    }

    private static long Length(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }

    private void Save()
    {
        if (_sent == _saved)
        {
            return;
        }

        try
        {
            _sent.Save(_path, _files);
            _saved = _sent;
            _savedAt = _time.GetTimestamp();
        }
        catch (Exception failure) when (failure is IOException or Errors.EngineException)
        {
            // The container was removed, or the disk is full: at worst lines are sent again.
            _savedAt = _time.GetTimestamp();
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < s_longestRetry ? pause * 2 : s_longestRetry;
}
