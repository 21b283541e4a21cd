namespace Portal.Engine.Volumes;

/// <summary>The volumes of this engine. Thread-safe; a change is on disk when the call returns.</summary>
public interface IVolumes
{
    /// <summary>Makes a volume, or gives the one that has the name already.</summary>
    /// <exception cref="Errors.EngineException">
    /// InvalidArgument: bad name, or options. NotFound: no such driver. In Docker's words.
    /// </exception>
    Task<VolumeInfo> CreateAsync(VolumeRequest request, CancellationToken cancellationToken = default);

    /// <summary>All volumes, by name.</summary>
    Task<IReadOnlyList<VolumeInfo>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>One volume.</summary>
    /// <exception cref="Errors.EngineException">NotFound.</exception>
    Task<VolumeInfo> InspectAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Bytes that its files hold. Walks the folder.</summary>
    /// <exception cref="Errors.EngineException">NotFound.</exception>
    Task<long> MeasureAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Removes a volume with all in it.</summary>
    /// <exception cref="Errors.EngineException">NotFound. Conflict: a container, running or not, uses it.</exception>
    Task RemoveAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Removes those that no container uses and that the caller selects.</summary>
    Task<VolumesPruned> PruneAsync(Func<VolumeInfo, bool> selects, CancellationToken cancellationToken = default);
}
