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
/// receiver that takes nothing; with Fluentd also while more than <c>fluentd-buffer-limit</c> events do. <c>gelf-tcp-max-reconnect</c>
/// and <c>fluentd-max-retries</c> say after how many attempts a line is dropped; without them none is.
/// </para>
/// <para>The place is written down once a second and at the end: an engine that is killed sends the lines of its last second again.</para>
/// </remarks>
internal sealed class LogForwarding : IDisposable
{
    private static readonly TimeSpan s_saveInterval = TimeSpan.FromSeconds(1);
    private readonly LogAssembler _assembler = new();
    private readonly LogBacklog _backlog;
    private readonly LogRetry _retry;
    private readonly string _path;
    private readonly LogCursor _cursor;
    private readonly IDurableFiles _files;
    private readonly TimeProvider _time;
    private readonly ILogTroubles _troubles;
    private LogPosition _sent;
    private LogPosition _saved;
    private long _savedAt;
    private bool _failing;
    private long _dropped;

    public LogForwarding(Container container, LogCursor cursor, IDurableFiles files, TimeProvider time, ILogTroubles troubles)
    {
        _backlog = new LogBacklog(container.Spec, new LogFileSet(container.Folder.Log));
        _retry = LogRetry.Of(container.Spec);
        _path = container.Folder.Forwarded;
        _cursor = cursor;
        _files = files;
        _time = time;
        _troubles = troubles;
        _sent = _saved = new LogPosition(cursor.Number, cursor.Offset);
        _savedAt = time.GetTimestamp();
    }

    public void Dispose() => _backlog.Dispose();

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
                        await SendAsync(sink, message, block, cancellationToken).ConfigureAwait(false);
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
            TellDropped();
            Save();
        }
    }

    private async Task SendAsync(ILogSink sink, LogMessage message, LogBlock rest, CancellationToken cancellationToken)
    {
        var pause = _retry.First;
        for (var tries = 0L; !(_failing && _backlog.IsTooMuch(_cursor, rest)); tries++)
        {
            if (await TrySendAsync(sink, message, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            if (tries >= _retry.Most)
            {
                break;
            }

            await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
            pause = _retry.After(pause);
        }

        _dropped++;
        Count(message);
    }

    private async Task<bool> TrySendAsync(ILogSink sink, LogMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await sink.SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            if (!_failing)
            {
                _troubles.NotSent(failure);
            }

            _failing = true;
            Save();
            return false;
        }

        if (_failing)
        {
            _failing = false;
            _backlog.Dispose();
            TellDropped();
        }

        return true;
    }

    private void Count(LogMessage message)
    {
        if (!message.Partial)
        {
            _backlog.Take();
        }
    }

    private void TellDropped()
    {
        if (_dropped > 0)
        {
            _troubles.Dropped(_dropped);
            _dropped = 0;
        }
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
}
