namespace Portal.Engine.Trees;

/// <summary>Gives views of containers' files, whether or not the containers run.</summary>
public interface ITreeViews
{
    /// <summary>
    /// Opens a root with mounts in it. The root is mounted for as long as the view is, and stays the one that a runtime would run on.
    /// </summary>
    /// <param name="rootId">The root: a container's id.</param>
    /// <param name="mounts">Outer ones first. Places to mount on are made where they are missing. The host sees none of them.</param>
    /// <param name="isReadOnly">True when nothing may be written outside of the mounts.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Errors.EngineException">NotFound: no such root.</exception>
    Task<ITreeView> OpenAsync(
        string rootId, IReadOnlyList<TreeMount> mounts, bool isReadOnly, CancellationToken cancellationToken = default);
}
