namespace Portal.Web.Nodes;

/// <summary>What the portal knows of all nodes now: one immutable picture, replaced on each change.</summary>
/// <remarks>Singleton; any thread. Whoever shows it to a person filters it by that person's grants first.</remarks>
public interface IFleet
{
    /// <summary>The newest picture.</summary>
    FleetState Current { get; }

    /// <summary>The picture at once, then again after changes, at most every 100 ms; those between are skipped.</summary>
    IAsyncEnumerable<FleetState> WatchAsync(CancellationToken cancellationToken);
}
