using Portal.Engine.Events;

namespace Portal.Engine.Hosting;

/// <summary>
/// What the journal tells of containers, as an engine finds it: a step is written down before it is told, so that an engine that is killed
/// in between leaves the telling to the next one.
/// </summary>
internal sealed class ToldEvents
{
    private readonly Dictionary<(string ContainerId, string Action), DateTimeOffset> _newest = [];

    // What is older may have been told and forgotten since.
    private DateTimeOffset _knownFrom = DateTimeOffset.MaxValue;

    /// <summary>Reads all that is kept.</summary>
    public static async Task<ToldEvents> ReadAsync(IEngineEvents events, CancellationToken cancellationToken)
    {
        var told = new ToldEvents();
        var last = events.LastSequence;
        if (last == 0)
        {
            return told;
        }

        await foreach (var item in events.ReadAsync(0, cancellationToken).ConfigureAwait(false))
        {
            told._knownFrom = item.Time < told._knownFrom ? item.Time : told._knownFrom;
            if (item.Type == EngineEventType.Container)
            {
                told._newest[(item.ActorId, item.Action)] = item.Time;
            }

            if (item.Sequence >= last)
            {
                break;
            }
        }

        return told;
    }

    /// <summary>True when something was not told that happened after a time; false as well when nobody can know.</summary>
    public bool IsMissing(string containerId, string action, DateTimeOffset since) =>
        since >= _knownFrom && !(_newest.TryGetValue((containerId, action), out var at) && at >= since);
}
