namespace Portal.Engine.Trees;

/// <summary>
/// The files of containers, running or not, with their volumes and binds: what Docker users see as <c>docker cp</c>, <c>export</c> and
/// <c>diff</c>. A <c>container</c> is a name, an id or a unique prefix of one.
/// </summary>
public interface IContainerTrees
{
    /// <summary>What was changed since the container was made, by path.</summary>
    /// <exception cref="Errors.EngineException">NotFound: no such container.</exception>
    IEnumerable<TreeChange> ListChanges(string container);

    /// <summary>Writes the container's root, without what is mounted in it, as a tar archive. Memory does not grow with size.</summary>
    /// <param name="container">Which.</param>
    /// <param name="output">Not written before the container is found; not disposed.</param>
    /// <param name="cancellationToken">Stops; the archive is then incomplete.</param>
    /// <exception cref="Errors.EngineException">NotFound: no such container.</exception>
    Task ExportAsync(string container, Stream output, CancellationToken cancellationToken = default);

    /// <summary>What is at a path in the container (see <see cref="ITreeView"/> for paths).</summary>
    /// <exception cref="Errors.EngineException">NotFound: no such container or path, in Docker's words. InvalidArgument: a bad path.</exception>
    Task<TreeStat> StatAsync(string container, string path, CancellationToken cancellationToken = default);

    /// <summary>Writes what is at a path as a tar archive.</summary>
    /// <param name="container">Which.</param>
    /// <param name="path">Where.</param>
    /// <param name="open">Told what it is before the archive begins; gives where to write, which is not disposed.</param>
    /// <param name="cancellationToken">Stops; the archive is then incomplete.</param>
    /// <exception cref="Errors.EngineException">As of <see cref="StatAsync"/>; before <paramref name="open"/> is called.</exception>
    Task ReadAsync(
        string container, string path, Func<TreeStat, ValueTask<Stream>> open, CancellationToken cancellationToken = default);

    /// <summary>Unpacks a tar archive, compressed as those of images may be, into a folder of the container.</summary>
    /// <param name="container">Which.</param>
    /// <param name="path">The folder.</param>
    /// <param name="archive">Read once; not disposed.</param>
    /// <param name="keepsKinds">See <see cref="TreeExtraction.KeepsKinds"/>.</param>
    /// <param name="toUser">True to give what is unpacked to the container's own user.</param>
    /// <param name="cancellationToken">Stops; what was unpacked stays.</param>
    /// <exception cref="Errors.EngineException">As of <see cref="ITreeView.ExtractAsync"/>.</exception>
    Task WriteAsync(
        string container, string path, Stream archive, bool keepsKinds = false, bool toUser = false,
        CancellationToken cancellationToken = default);
}
