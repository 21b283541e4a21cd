using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Consoles.V1;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Agent.Consoles;

/// <summary>
/// One console: its program, the newest of what it showed, and who looks at it. It runs from its beginning to its program's end, whether
/// or not anybody looks.
/// </summary>
/// <remarks>
/// Any thread. Output is read by one loop, <see cref="RunAsync"/>, which appends it to the replay buffer; each viewer reads there at its own pace.
/// While somebody looks, the loop waits until the fastest of them is near the end: the program is held up as by any terminal, and nothing piles up.
/// While nobody looks, it runs freely and the buffer forgets its oldest.
/// </remarks>
internal sealed partial class ConsoleSession
{
    /// <summary>How much is kept for whoever comes back.</summary>
    public const int ReplaySize = 1024 * 1024;

    // How far the fastest viewer may be behind before the program waits.
    private const int Ahead = 256 * 1024;

    // One that is not kept and was taken over, and whose viewer does not come back.
    private static readonly TimeSpan s_unwatched = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly ReplayBuffer _replay;
    private readonly List<ConsoleAudience> _viewers = [];
    private readonly IConsoleProgram _program;
    private readonly ConsoleRecorder? _recorder;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Timestamp _startedAt;
    private readonly CancellationToken _leaving;
    private TaskCompletionSource _news = NewPulse();
    private TaskCompletionSource _taken = NewPulse();
    private string _name;
    private ConsoleSharing _sharing;
    private TerminalSize _size;
    private DateTimeOffset _activeAt;
    private DateTimeOffset? _endedAt;
    private ConsoleExited? _exited;
    private ConsoleExited? _asked;
    private long _recorded;
    private int _version;

    /// <param name="description">What it is.</param>
    /// <param name="state">How it begins here.</param>
    /// <param name="program">What runs in it.</param>
    /// <param name="recorder">Null for one that is not recorded.</param>
    /// <param name="time">The clock.</param>
    /// <param name="leaving">Lets go of it for the agent that comes after this one, if it can go on without this one.</param>
    public ConsoleSession(
        ConsoleDescription description,
        ConsoleState state,
        IConsoleProgram program,
        ConsoleRecorder? recorder,
        TimeProvider time,
        CancellationToken leaving)
    {
        Description = description;
        _name = state.Name;
        _size = state.Size;
        _sharing = state.Sharing;
        _program = program;
        _recorder = recorder;
        _time = time;
        _leaving = description.IsLasting ? leaving : CancellationToken.None;
        _activeAt = time.GetUtcNow();
        _startedAt = (state.StartedAt ?? _activeAt).ToTimestamp();
        _replay = new ReplayBuffer(ReplaySize, state.Position);
        Append(state.Kept, state.Recorded);
    }

    public ConsoleDescription Description { get; }

    public string Id => Description.Id;

    public IConsoleProgram Program => _program;

    /// <summary>Completes when the program has ended and all it showed is here, or when it is left.</summary>
    public Task Ended => _ended.Task;

    public DateTimeOffset? EndedAt
    {
        get
        {
            lock (_lock)
            {
                return _endedAt;
            }
        }
    }

    /// <summary>Reads what the program shows, to its end.</summary>
    public async Task RunAsync()
    {
        using var left = _leaving.Register(OnLeft);
        var exitCode = 0;
        try
        {
            while (await _program.ReadAsync(_leaving).ConfigureAwait(false) is { } output)
            {
                Append(output, 0);
                await WaitForRoomAsync().ConfigureAwait(false);
            }

            exitCode = await _program.WaitAsync(_leaving).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // It runs on, and the next agent finds it.
        }
        catch (Exception failure) when (failure is EngineException or IOException or ObjectDisposedException)
        {
            // The container is gone with everything in it.
            exitCode = 137;
        }
        finally
        {
            if (!_leaving.IsCancellationRequested)
            {
                Finish(exitCode);
            }

            await _program.DisposeAsync().ConfigureAwait(false);
            if (_recorder is not null)
            {
                await _recorder.DisposeAsync().ConfigureAwait(false);
            }

            _ended.SetResult();
        }
    }

    /// <summary>Takes somebody in.</summary>
    /// <exception cref="EngineException">Forbidden: it is not shared with them.</exception>
    public ConsoleAudience Enter(string personId, string person, bool watch, long position)
    {
        lock (_lock)
        {
            if (!Admits(personId))
            {
                throw new EngineException(EngineErrorKind.Forbidden, "This console is not shared.");
            }

            var viewer = new ConsoleAudience(personId, person, !watch && MayType(personId), _time.GetUtcNow());
            viewer.Position = Math.Min(position, _replay.End);
            if (viewer.Position < _replay.Start)
            {
                viewer.Position = _replay.NextLine(_replay.Start);
            }

            _viewers.Add(viewer);
            _activeAt = _time.GetUtcNow();
            Changed();
            return viewer;
        }
    }

    /// <summary>Lets them go; the last one to go ends a console that is not kept.</summary>
    public void Leave(ConsoleAudience viewer)
    {
        bool isOver;
        lock (_lock)
        {
            _viewers.Remove(viewer);
            _activeAt = _time.GetUtcNow();
            isOver = !Description.Keep && _viewers.Count == 0;
            Changed();
        }

        // Whoever held it up holds it up no more.
        Taken();
        if (isOver)
        {
            _ = EndAsync(new ConsoleExited { End = ConsoleEnd.Unwatched });
        }
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _activeAt = _time.GetUtcNow();
        }

        try
        {
            await _program.WriteAsync(input, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The program has ended; its last output and its exit code are still on their way.
        }
    }

    public async Task ResizeAsync(TerminalSize size, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (size == _size || _exited is not null)
            {
                return;
            }

            _size = size;
            Pulse();
        }

        _recorder?.Resize(size);
        await _program.ResizeAsync(size, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends it. Returns when its program has ended, or was killed.</summary>
    public async Task EndAsync(ConsoleExited why)
    {
        lock (_lock)
        {
            if (_exited is not null)
            {
                return;
            }

            _asked ??= why;
        }

        // The loop may wait for somebody slow, while the program has to be heard out.
        Taken();
        await _program.HangUpAsync().ConfigureAwait(false);
    }

    public void Update(string name, ConsoleSharing sharing)
    {
        lock (_lock)
        {
            _name = name.Length > 0 ? name : _name;
            _sharing = sharing;
            foreach (var viewer in _viewers)
            {
                viewer.IsOut = !Admits(viewer.PersonId);
                viewer.MayType &= MayType(viewer.PersonId);
            }

            Changed();
        }
    }

    /// <summary>True when this person may look at it.</summary>
    public bool IsSharedWith(string personId)
    {
        lock (_lock)
        {
            return Admits(personId);
        }
    }

    public bool IsIdle(DateTimeOffset now)
    {
        lock (_lock)
        {
            return _exited is null && now - _activeAt >= (Description.Keep || _viewers.Count > 0 ? Description.Idle : s_unwatched);
        }
    }

    public ConsoleInfo Describe()
    {
        lock (_lock)
        {
            return DescribeLocked();
        }
    }

    /// <summary>Puts what was recorded so far where it can be read.</summary>
    public void Flush() => _recorder?.Flush();

    private void Append(ReadOnlyMemory<byte> output, long recorded)
    {
        long begin;
        lock (_lock)
        {
            begin = _replay.End;
            _replay.Append(output.Span);
            _activeAt = _viewers.Count > 0 ? _time.GetUtcNow() : _activeAt;
            Pulse();
        }

        // What an earlier agent recorded is not recorded again.
        var more = output[(int)Math.Clamp(recorded - begin, 0, output.Length)..];
        if (_recorder?.Output(more.Span) == true)
        {
            lock (_lock)
            {
                _recorded = begin + output.Length;
            }
        }
    }

    private bool Admits(string personId) => personId == Description.OwnerId || _sharing != ConsoleSharing.None;

    private bool MayType(string personId) => personId == Description.OwnerId || _sharing == ConsoleSharing.Write;

    private void Finish(int exitCode)
    {
        lock (_lock)
        {
            _exited = _asked ?? new ConsoleExited { ExitCode = exitCode };
            _endedAt = _time.GetUtcNow();
            Pulse();
        }
    }

    // Under the lock.
    private void Changed()
    {
        _version++;
        Pulse();
    }

    // Under the lock.
    private void Pulse()
    {
        var news = _news;
        _news = NewPulse();
        news.SetResult();
    }

    private void Taken()
    {
        TaskCompletionSource taken;
        lock (_lock)
        {
            (taken, _taken) = (_taken, NewPulse());
        }

        taken.SetResult();
    }

    private async Task WaitForRoomAsync()
    {
        while (true)
        {
            Task taken;
            lock (_lock)
            {
                if (_asked is not null || _leaving.IsCancellationRequested || _viewers.Count == 0
                    || _viewers.Max(viewer => viewer.Position) + Ahead >= _replay.End)
                {
                    return;
                }

                taken = _taken.Task;
            }

            await taken.ConfigureAwait(false);
        }
    }

    private ConsoleInfo DescribeLocked()
    {
        var info = new ConsoleInfo
        {
            Id = Id,
            Kind = Description.Kind,
            Container = Description.Container,
            Name = _name,
            User = Description.User,
            OwnerId = Description.OwnerId,
            Owner = Description.Owner,
            Sharing = _sharing,
            Recorded = _recorder is not null,
            StartedAt = _startedAt,
            ActiveAt = _activeAt.ToTimestamp(),
            Exited = _exited,
            EndedAt = _endedAt?.ToTimestamp(),
        };
        info.Command.AddRange(_program.Command);
        info.Viewers.AddRange(_viewers.Select(viewer => new Contracts.Consoles.V1.ConsoleViewer
        {
            Person = viewer.Person,
            MayType = viewer.MayType,
            Since = viewer.Since.ToTimestamp(),
        }));
        return info;
    }

    private static TaskCompletionSource NewPulse() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
