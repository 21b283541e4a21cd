using Portal.Engine.Snapshots;

namespace Portal.Engine.Containers.Sizes;

/// <summary>What containers take on the disk. Counted when somebody asks and only then: each answer walks files.</summary>
/// <remarks>
/// Thread-safe. No container is held up: one may be started, stopped or removed while it is counted. A few walks go on at the same time,
/// whatever number of callers there are; the others wait for their turn.
/// </remarks>
public interface IContainerSizes
{
    /// <summary>Counts one.</summary>
    /// <param name="container">Its full id, name, or a unique prefix of its id.</param>
    /// <param name="cancellationToken">Stops at the next file, or stops waiting.</param>
    /// <returns>Null when its files are gone meanwhile or can't be read: then nobody knows.</returns>
    /// <exception cref="Errors.EngineException">NotFound. InvalidArgument: several ids begin so.</exception>
    Task<RootUsage?> MeasureAsync(string container, CancellationToken cancellationToken = default);

    /// <summary>Counts several, a few at a time.</summary>
    /// <param name="ids">Full ids.</param>
    /// <param name="cancellationToken">Stops at the next file.</param>
    /// <returns>By id; without those that are gone meanwhile or can't be read.</returns>
    Task<IReadOnlyDictionary<string, RootUsage>> MeasureAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default);
}
