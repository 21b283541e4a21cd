using System.Globalization;

namespace Portal.Web.Audit;

/// <summary>
/// Keeps those who are refused from filling the audit log: the first refusal of a caller and an action is written at once, and those of
/// the minute after it as one entry with their number, when that minute is over. All other entries go through.
/// </summary>
/// <remarks>Singleton; any thread. Each portal counts for itself.</remarks>
internal sealed partial class BoundedAuditLog(DatabaseAuditLog log, TimeProvider time, ILogger<BoundedAuditLog> logger)
    : BackgroundService, IAuditLog
{
    /// <summary>How many callers and actions are counted apart at once; those beyond share one count an action.</summary>
    internal const int MostCounted = 10_000;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);
    private readonly ILogger<BoundedAuditLog> _logger = logger;
    private readonly Lock _lock = new();
    private readonly Dictionary<Caller, Window> _open = [];

    /// <summary>Where entries are written.</summary>
    internal Func<AuditEntry, CancellationToken, Task> Write { get; init; } =
        (entry, cancellationToken) => log.WriteAsync(entry, cancellationToken);

    public async Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Outcome != AuditOutcome.Denied)
        {
            await Write(entry, cancellationToken);
            return;
        }

        if (Count(entry, out var caller, out var ended))
        {
            return;
        }

        try
        {
            // Not cancelled with the caller, who could hide a refusal and all that follow it by hanging up.
            await WriteAsync(ended);
            await Write(entry, CancellationToken.None);
        }
        catch
        {
            // Nothing is on record yet: the next one is the first.
            lock (_lock)
            {
                _open.Remove(caller);
            }

            throw;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlushAsync(DateTimeOffset.MaxValue);
    }

    /// <summary>Writes the counts of windows that have ended by then.</summary>
    internal async Task FlushAsync(DateTimeOffset now)
    {
        foreach (var window in TakeEnded(now))
        {
            await WriteAsync(window);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        while (await NextAsync(timer, stoppingToken))
        {
            await TryFlushAsync(time.GetUtcNow());
        }
    }

    private async Task TryFlushAsync(DateTimeOffset now)
    {
        try
        {
            await FlushAsync(now);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The database is away: the first of them are on record, and what is counted from now on will be.
            LogFlushFailed(failure);
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Counts a refusal, or opens a window with it.</summary>
    /// <returns>True when it is counted and is not to be written.</returns>
    private bool Count(AuditEntry entry, out Caller caller, out Window? ended)
    {
        var now = time.GetUtcNow();
        caller = Caller.Of(entry);
        ended = null;
        lock (_lock)
        {
            if (!_open.ContainsKey(caller) && _open.Count >= MostCounted)
            {
                caller = Caller.OfAll(entry.Action);
            }

            if (_open.TryGetValue(caller, out var window) && now < window.End)
            {
                window.Count++;
                window.Last = entry;
                return true;
            }

            ended = window;
            _open[caller] = new Window(now + s_window, entry);
            return false;
        }
    }

    private List<Window> TakeEnded(DateTimeOffset now)
    {
        lock (_lock)
        {
            var ended = _open.Where(pair => pair.Value.End <= now).ToList();
            ended.ForEach(pair => _open.Remove(pair.Key));
            return [.. ended.Select(pair => pair.Value)];
        }
    }

    private Task WriteAsync(Window? window)
    {
        if (window is not { Count: > 0 })
        {
            return Task.CompletedTask;
        }

        var times = window.Count == 1 ? "once more" : string.Create(CultureInfo.InvariantCulture, $"{window.Count} times more");
        var until = window.End.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var detail = $"refused {times} in the minute until {until} UTC";
        return Write(window.Last with { Detail = AuditEntry.Join(window.Last.Detail, detail) }, CancellationToken.None);
    }

    [LoggerMessage(5801, LogLevel.Error, "Counts of refused calls could not be written to the audit log")]
    private partial void LogFlushFailed(Exception exception);

    private sealed record Caller(Guid UserId, string UserName, string Address, string Action)
    {
        public static Caller Of(AuditEntry entry) => new(entry.Actor.UserId, entry.Actor.UserName, entry.Actor.Address, entry.Action);

        public static Caller OfAll(string action) => new(Guid.Empty, "", "", action);
    }

    private sealed class Window(DateTimeOffset end, AuditEntry first)
    {
        public DateTimeOffset End { get; } = end;

        public int Count { get; set; }

        public AuditEntry Last { get; set; } = first;
    }
}
