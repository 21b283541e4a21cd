namespace Portal.Engine.Volumes;

/// <summary>The volumes of this engine. Thread-safe; a change is on disk when the call returns.</summary>
public interface IVolumes
{
    /// <summary>Makes a volume, or gives the one that has the name already.</summary>
    /// <exception cref="Errors.EngineException">
    /// InvalidArgument: bad name, or options. Forbidden: the node's settings don't allow what they mount. NotFound: no such driver. In
    /// Docker's words.
    /// </exception>
    Task<VolumeInfo> CreateAsync(VolumeRequest request, CancellationToken cancellationToken = default);

    /// <summary>All volumes, by name.</summary>
    Task<IReadOnlyList<VolumeInfo>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>One volume.</summary>
    /// <exception cref="Errors.EngineException">NotFound.</exception>
    Task<VolumeInfo> InspectAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Counts its files' bytes now. Walks the folder.</summary>
    /// <returns>Null for one with options, which is not counted.</returns>
    /// <exception cref="Errors.EngineException">NotFound.</exception>
    Task<VolumeSize?> MeasureAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>All volumes with sizes that are as new as can be had in a short time: see <see cref="VolumeInfo.Size"/>.</summary>
    Task<IReadOnlyList<VolumeInfo>> ListWithSizesAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes a volume with all in it.</summary>
    /// <exception cref="Errors.EngineException">NotFound. Conflict: a container, running or not, uses it.</exception>
    Task RemoveAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Removes those that no container uses and that the caller selects.</summary>
    Task<VolumesPruned> PruneAsync(Func<VolumeInfo, bool> selects, CancellationToken cancellationToken = default);
}
