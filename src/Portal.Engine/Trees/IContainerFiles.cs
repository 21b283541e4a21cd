namespace Portal.Engine.Trees;

/// <summary>The files of containers, running or not, for who looks at them one by one.</summary>
public interface IContainerFiles
{
    /// <summary>
    /// Lets a caller use a container's files, with its volumes and binds. What is in its memory (tmpfs, <c>/proc</c>, <c>/sys</c>,
    /// <c>/dev</c>) can't be reached, and what such things are mounted on is not moved or removed.
    /// </summary>
    /// <param name="container">A name, an id or a unique prefix of one.</param>
    /// <param name="use">Called once; the files are closed when it ends.</param>
    /// <param name="cancellationToken">Stops waiting for the files to be opened.</param>
    /// <returns>What <paramref name="use"/> gave.</returns>
    /// <exception cref="Errors.EngineException">NotFound: no such container.</exception>
    Task<T> UseAsync<T>(string container, Func<ITreeFiles, ValueTask<T>> use, CancellationToken cancellationToken = default);
}
