namespace Portal.Engine.Stats;

/// <summary>
/// Samples of running containers. One loop reads for all who watch, once a second; when nobody watches, nothing is read.
/// </summary>
public interface IContainerStats
{
    /// <summary>
    /// One container's samples, the first at once; ends when the container is removed. A container that does not
    /// run yields nothing until it does.
    /// </summary>
    IAsyncEnumerable<ContainerSample> WatchAsync(string container, CancellationToken cancellationToken = default);

    /// <summary>All running containers' samples, one list a round.</summary>
    /// <param name="interval">Time between rounds, at least one second.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<IReadOnlyList<ContainerSample>> WatchAllAsync(TimeSpan interval, CancellationToken cancellationToken = default);

    /// <summary>One sample now, or null when it does not run.</summary>
    Task<ContainerSample?> ReadAsync(string container, CancellationToken cancellationToken = default);
}
