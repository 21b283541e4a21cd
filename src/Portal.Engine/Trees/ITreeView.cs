namespace Portal.Engine.Trees;

/// <summary>
/// A container's files for a while: its root with all that is mounted in it. Paths are resolved as a process in the container would resolve
/// them: no link, however it is changed meanwhile, leads out of the container.
/// </summary>
/// <remarks>
/// <para>Paths are absolute in the container; a relative one counts from the root, and <c>..</c> is taken away before anything is looked at.
/// A link at the end is followed when a slash or <c>/.</c> comes after it.</para>
/// <para>Any thread; the container may run, stop and start meanwhile.</para>
/// </remarks>
public interface ITreeView : IAsyncDisposable
{
    /// <summary>The same files one by one, for as long as the view is open.</summary>
    ITreeFiles Files { get; }

    /// <summary>What is at a path; null when nothing is.</summary>
    /// <exception cref="Errors.EngineException">InvalidArgument: the path leads through a file, or is malformed.</exception>
    TreeStat? Find(string path);

    /// <summary>
    /// Writes what is at a path as a tar archive; its first name is the path's last (<c>.</c> when the path ends in that).
    /// </summary>
    /// <param name="path">Something that <see cref="Find"/> found; what has gone since makes an empty archive.</param>
    /// <param name="output">Written front to back; not disposed.</param>
    /// <param name="cancellationToken">Stops between two entries.</param>
    Task WriteAsync(string path, Stream output, CancellationToken cancellationToken = default);

    /// <summary>Writes all that is in the root as a tar archive, without an entry for the root where that is as every root is.</summary>
    Task WriteAllAsync(Stream output, CancellationToken cancellationToken = default);

    /// <summary>Unpacks a tar archive into a folder. What was unpacked before a failure stays.</summary>
    /// <param name="path">The folder; a link to one is followed.</param>
    /// <param name="tar">The uncompressed archive, read once.</param>
    /// <param name="how">Rules.</param>
    /// <param name="cancellationToken">Stops between two entries.</param>
    /// <exception cref="Errors.EngineException">InvalidArgument: no folder, a malformed archive or one that leads out of the folder, or what
    /// the rules refuse. NotFound: nothing is there. Forbidden: it may not be written to. Conflict: something of it is mounted.
    /// Unavailable: the disk is full.</exception>
    Task ExtractAsync(string path, Stream tar, TreeExtraction how, CancellationToken cancellationToken = default);
}
