namespace Portal.Engine.Events;

/// <summary>
/// What happened in this engine, in order. Events are numbered without gaps and kept (the last 10,000) across restarts, so that a
/// reader that was away can go on where it stopped.
/// </summary>
public interface IEngineEvents
{
    /// <summary>The number of the newest event; 0 when there is none.</summary>
    long LastSequence { get; }

    /// <summary>Records an event.</summary>
    void Publish(EngineEventType type, string action, string actorId, IReadOnlyDictionary<string, string> attributes);

    /// <summary>Events with a number above the given one that are still kept, then each new one as it happens.</summary>
    /// <param name="afterSequence">Where to go on; -1 for new ones alone.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<EngineEvent> ReadAsync(long afterSequence, CancellationToken cancellationToken = default);
}
