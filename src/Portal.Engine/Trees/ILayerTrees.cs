namespace Portal.Engine.Trees;

/// <summary>
/// What was written into a root, as a layer: the step from a writable snapshot to an archive with a diff id, and to a committed layer.
/// </summary>
/// <remarks>
/// <para>
/// A root is what <see cref="Snapshots.ISnapshotter.PrepareAsync"/> made: layers, and a writable folder on top. Nobody needs to mount it
/// for any of this. Whoever wants an image's layer of a root (commit, a builder's step) uses
/// <see cref="Images.Committing.LayerCommits"/>, which does it all: archive, blob, diff id, chain id, unpacked layer.
/// </para>
/// <para>
/// Archives are deterministic: names in the order of their bytes, a folder before what is in it, pax records only where an entry needs
/// them. Owners, modes, times to the nanosecond, hard links, symbolic links, devices, pipes, file capabilities, access lists and
/// <c>user.</c> attributes are in them; a layer that is unpacked and archived again gives the same bytes. Holes of sparse files are
/// written as zeros, because tools that take archives apart and put them together again (dockerd's tar-split) can't do that with
/// sparse entries; unpacking makes them holes again. Sockets are left out. Whiteouts are written as image-spec <c>layer.md</c> says.
/// </para>
/// <para>Thread-safe; memory does not grow with the size of files, only with the number of names in the largest folder.</para>
/// </remarks>
public interface ILayerTrees
{
    /// <summary>
    /// How a root differs from the layers below it, in the order of its paths, a folder before what is in it. A folder in which something
    /// changed is itself <see cref="TreeChangeKind.Modified"/>.
    /// </summary>
    /// <param name="rootId">The root: a container's id.</param>
    /// <exception cref="Errors.EngineException">NotFound: no such root, or a layer below it is gone.</exception>
    IEnumerable<TreeChange> ListChanges(string rootId);

    /// <summary>Writes what was changed in a root as the archive of a layer.</summary>
    /// <param name="rootId">The root.</param>
    /// <param name="output">Written front to back; not disposed.</param>
    /// <param name="wasRun">
    /// True for the root of something that a runtime ran on: the empty files and folders that it made to mount on (<c>/proc</c>,
    /// <c>/etc/hosts</c>, ...) are left out then.
    /// </param>
    /// <param name="cancellationToken">Stops between two entries.</param>
    /// <exception cref="Errors.EngineException">NotFound: no such root. InvalidArgument: more than a layer may hold
    /// (<see cref="Hosting.EngineOptions.LayerLimits"/>), or names that a layer can't hold.</exception>
    Task<LayerDiff> WriteDiffAsync(string rootId, Stream output, bool wasRun, CancellationToken cancellationToken = default);

    /// <summary>Writes an unpacked layer as an archive: the very bytes that it was unpacked from, when those were written here.</summary>
    /// <exception cref="Errors.EngineException">NotFound: no such layer.</exception>
    Task WriteLayerAsync(string chainId, Stream output, CancellationToken cancellationToken = default);

    /// <summary>
    /// Turns the writable folder of a root into a committed layer without copying it. The root is gone then: for roots that nobody needs
    /// any more, such as a builder's. Only right when the archive with this diff id was exact.
    /// </summary>
    /// <param name="rootId">The root; nothing runs on it.</param>
    /// <param name="chainId">The key of the new layer. When that is there already, the root is just removed.</param>
    /// <param name="diffId">The digest of the archive that <see cref="WriteDiffAsync"/> wrote of it.</param>
    /// <param name="size">Bytes of file content in it.</param>
    /// <param name="cancellationToken">Checked before the root is touched.</param>
    Task PromoteAsync(string rootId, string chainId, string diffId, long size, CancellationToken cancellationToken = default);
}
