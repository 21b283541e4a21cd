using System.Collections.Concurrent;
using System.Security.Cryptography;
using Portal.Agent.Hosting;
using Portal.Contracts.Consoles.V1;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Agent.Consoles;

/// <summary>All consoles of this node: those that run, those that ended lately, and those that ended with an earlier agent.</summary>
/// <remarks>
/// Singleton; any thread. A console runs whether or not a portal is there, and one in a container whether or not an agent is: the next one takes it over.
/// </remarks>
internal sealed partial class ConsoleSessions(
    ConsoleStarter starter,
    ConsoleRecordings recordings,
    AgentPaths paths,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<ConsoleSessions> logger) : BackgroundService
{
    /// <summary>More are refused: each keeps up to a MiB.</summary>
    public const int Most = 128;

    private const int MostEnded = 32;
    private static readonly TimeSpan s_idle = TimeSpan.FromHours(12);
    private static readonly TimeSpan s_remembered = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_sweep = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, ConsoleSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _leaps = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _leaving = new();
    private Task _ending = Task.CompletedTask;
    private volatile bool _isUnwritten;
    private readonly ConsoleJournal _journal = new(Path.Combine(paths.Data, "agent", "consoles.json"));

    /// <summary>Starts one.</summary>
    /// <exception cref="EngineException">Its program can't be started; Conflict: there are too many.</exception>
    public async Task<ConsoleSession> StartAsync(ConsoleOpen open, string ownerId, CancellationToken cancellationToken)
    {
        if (_sessions.Values.Count(session => session.EndedAt is null) >= Most)
        {
            throw EngineException.Conflict($"This node has {Most} consoles open, which is the most it takes. End some first.");
        }

        var size = SizeOf(open.Size);
        var program = await starter.StartAsync(open, size, cancellationToken).ConfigureAwait(false);
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var idle = open.IdleSeconds > 0 ? TimeSpan.FromSeconds(Math.Min(open.IdleSeconds, int.MaxValue)) : s_idle;
        var description = new ConsoleDescription(id, open.Kind, open.Container, open.User, ownerId, open.Person, open.Keep, idle);
        var name = open.Name.Length > 0 ? open.Name : Path.GetFileName(program.Command.FirstOrDefault() ?? "console");
        var recorder = open.Record ? await RecordAsync(id, name, program, size).ConfigureAwait(false) : null;
        var session = new ConsoleSession(description, new ConsoleState(name, size), program, recorder, time, _leaving.Token);
        Add(session);
        Remember();
        return session;
    }

    /// <summary>One by its id.</summary>
    /// <exception cref="EngineException">NotFound.</exception>
    public ConsoleSession Get(string id) => _sessions.TryGetValue(id, out var session)
        ? session
        : throw EngineException.NotFound("This console is gone: it ended, or its node was started anew.");

    /// <summary>How one ended with an earlier agent; null for all others.</summary>
    public ConsoleInfo? FindLost(string id) => _journal.Lost.FirstOrDefault(lost => lost.Id == id);

    /// <summary>The newest first.</summary>
    public IEnumerable<ConsoleInfo> List() => _sessions.Values.Select(session => session.Describe())
        .Concat(_journal.Lost)
        .OrderByDescending(info => info.StartedAt);

    /// <summary>Written down again, for an agent that comes after this one.</summary>
    public void Remember()
    {
        try
        {
            _journal.Write(_sessions.Values.Where(session => session.EndedAt is null)
                .Select(session => session.ToEntry(_leaps.GetValueOrDefault(session.Id))));
            _isUnwritten = false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It is tried again every second. Without it a console ends with this agent, which is better than now.
            if (!_isUnwritten)
            {
                _isUnwritten = true;
                LogUnwritten(failure);
            }
        }
    }

    /// <summary>The size that was asked for; an old terminal's where none was.</summary>
    /// <exception cref="EngineException">InvalidArgument: no terminal has that size.</exception>
    public static TerminalSize SizeOf(ConsoleSize? size)
    {
        const int LargestSide = 1000;
        return size switch
        {
            null => new TerminalSize(80, 24),
            { Columns: >= 1 and <= LargestSide, Rows: >= 1 and <= LargestSide } => new TerminalSize(size.Columns, size.Rows),
            _ => throw EngineException.InvalidArgument($"A terminal has 1 to {LargestSide} columns and rows."),
        };
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // The engine runs, and nobody can ask for a console yet.
        foreach (var entry in _journal.Read(time.GetUtcNow()))
        {
            await TakeOverAsync(entry, cancellationToken).ConfigureAwait(false);
        }

        recordings.Open(_sessions.Keys.ToHashSet());
        Remember();

        // Before the calls that show them are broken off, so that whoever looks is told.
        lifetime.ApplicationStopping.Register(() => _ending = LeaveAllAsync());
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await _ending.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        _leaving.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_sweep, time);
        try
        {
            await starter.EndLeftAsync(stoppingToken).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                Sweep(time.GetUtcNow());
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The agent stops.
        }
    }

    /// <summary>What runs in containers runs on for the next agent; a shell on the node is this agent's child, and ends with it.</summary>
    private async Task LeaveAllAsync()
    {
        var running = _sessions.Values.Where(session => session.EndedAt is null).ToList();
        var lasting = running.Where(session => session.Description.IsLasting).ToList();
        await _leaving.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(lasting.Select(session => session.Ended)).ConfigureAwait(false);
        Remember();
        _journal.Close();
        await Task.WhenAll(running.Except(lasting).Select(session => session.EndAsync(new ConsoleExited { End = ConsoleEnd.Agent })))
            .ConfigureAwait(false);
    }

    private void Add(ConsoleSession session)
    {
        _sessions[session.Id] = session;
        recordings.Describe(session);
        _ = RunAsync(session);
    }

    private async Task TakeOverAsync(ConsoleEntry entry, CancellationToken cancellationToken)
    {
        var info = entry.Parse();
        IConsoleProgram? program = null;
        try
        {
            var state = new ConsoleState(info.Name, new TerminalSize(Math.Max(1, entry.Columns), Math.Max(1, entry.Rows)))
            {
                Sharing = info.Sharing,
                StartedAt = info.StartedAt.ToDateTimeOffset(),
                Recorded = entry.Recorded,
            };
            if (entry.ExecId.Length > 0
                && await starter.TakeOverAsync(info.Container, entry.ExecId, cancellationToken).ConfigureAwait(false) is { } taken)
            {
                program = taken.Program;
                state = state with { Kept = taken.Kept, Position = taken.Start };
            }
            else if (info.Kind == ConsoleKind.Attach)
            {
                program = await starter.AttachAsync(info.Container, state.Size, cancellationToken).ConfigureAwait(false);
                _leaps[info.Id] = entry.Leaps + 1;
                state = state with { Position = (entry.Leaps + 1) * ConsoleEntry.Leap };
            }

            if (program is not null)
            {
                var recorder = info.Recorded ? recordings.Continue(info) : null;
                var description = new ConsoleDescription(
                    info.Id, info.Kind, info.Container, info.User, info.OwnerId, info.Owner, entry.Keep,
                    TimeSpan.FromSeconds(entry.IdleSeconds));
                Add(new ConsoleSession(description, state, program, recorder, time, _leaving.Token));
                LogTakenOver(info.Id);
                return;
            }
        }
        catch (EngineException failure)
        {
            LogNotTakenOver(info.Id, failure);
            await (program?.HangUpAsync() ?? Task.CompletedTask).ConfigureAwait(false);
            await (program?.DisposeAsync() ?? default).ConfigureAwait(false);
        }

        _journal.Lose(info, info.Kind == ConsoleKind.Node ? ConsoleEnd.Agent : ConsoleEnd.Away, time.GetUtcNow());
    }

    /// <summary>Ends what is idle, forgets what ended a while ago.</summary>
    private void Sweep(DateTimeOffset now)
    {
        foreach (var session in _sessions.Values)
        {
            session.Flush();
            if (session.IsIdle(now))
            {
                LogIdle(session.Id);
                _ = session.EndAsync(new ConsoleExited { End = ConsoleEnd.Idle });
            }
        }

        var ended = _sessions.Values.Where(session => session.EndedAt is not null).OrderByDescending(session => session.EndedAt).ToList();
        foreach (var session in ended.Where((session, index) => index >= MostEnded || session.EndedAt < now - s_remembered))
        {
            _sessions.TryRemove(session.Id, out _);
            _leaps.TryRemove(session.Id, out _);
        }

        // Whose recording goes on, or whose terminal has another size, goes on there with the next agent.
        Remember();
    }

    private async Task<ConsoleRecorder> RecordAsync(string id, string name, IConsoleProgram program, TerminalSize size)
    {
        try
        {
            return recordings.Begin(id, name, program.Command, size);
        }
        catch (EngineException)
        {
            // What can't be recorded must not go on.
            await program.HangUpAsync().ConfigureAwait(false);
            await program.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task RunAsync(ConsoleSession session)
    {
        try
        {
            await session.RunAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            LogFailed(session.Id, failure);
        }

        recordings.Describe(session);
        Remember();
    }

    [LoggerMessage(3214, LogLevel.Information, "Console {Id} was idle for too long and is ended.")]
    private partial void LogIdle(string id);

    [LoggerMessage(3218, LogLevel.Information, "Console {Id} of an earlier agent goes on.")]
    private partial void LogTakenOver(string id);

    [LoggerMessage(3219, LogLevel.Warning, "Console {Id} of an earlier agent can't go on.")]
    private partial void LogNotTakenOver(string id, Exception failure);

    [LoggerMessage(3220, LogLevel.Warning, "Which consoles run can't be written down: they would end with this agent.")]
    private partial void LogUnwritten(Exception failure);

    [LoggerMessage(3215, LogLevel.Warning, "Console {Id} ended with a failure.")]
    private partial void LogFailed(string id, Exception failure);
}
