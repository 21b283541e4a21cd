namespace Portal.Web.Features.NodeCalls;

/// <summary>Something that this portal does in the background for one person, who may look at how it stands and stop it.</summary>
/// <remarks>Any thread; <see cref="Changed"/> is raised on whichever thread brought the news.</remarks>
public abstract class BackgroundWork(string owner, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private Ending? _ending;

    /// <summary>Something has changed.</summary>
    public event Action? Changed;

    public Guid Id { get; protected init; } = Guid.NewGuid();

    /// <summary>Null while it runs. Whoever sees it ended sees the whole outcome.</summary>
    public DateTimeOffset? EndedAt => Volatile.Read(ref _ending)?.At;

    /// <summary>Why it failed, for the user; null when it did not.</summary>
    public string? Error => Volatile.Read(ref _ending)?.Error;

    /// <summary>True when somebody stopped it.</summary>
    public bool Cancelled => Volatile.Read(ref _ending) is { Cancelled: true };

    internal string Owner { get; } = owner;

    internal CancellationToken Cancellation => _cancellation.Token;

    protected TimeProvider Time { get; } = time;

    /// <summary>Stops it.</summary>
    public void Cancel()
    {
        if (EndedAt is null)
        {
            _cancellation.Cancel();
        }
    }

    public void Dispose()
    {
        _cancellation.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether a failure that is seen now came of <see cref="Cancel"/>.</summary>
    protected bool IsStopped(string? error) => error is not null && _cancellation.IsCancellationRequested;

    /// <summary>
    /// Ends it, after all else of the outcome was written: other threads look at the end first. A failure of work that was stopped is
    /// not told, since whoever stopped it caused it.
    /// </summary>
    protected void End(DateTimeOffset at, string? error, bool stopped) =>
        Volatile.Write(ref _ending, new Ending(at, stopped ? null : error, stopped));

    /// <summary>Raises <see cref="Changed"/>.</summary>
    protected void Tell() => Changed?.Invoke();

    private sealed record Ending(DateTimeOffset At, string? Error, bool Cancelled);
}
