namespace Portal.Engine.Trees;

/// <summary>
/// One by one, the files of a tree that others write to: what a file browser needs. Paths are as of <see cref="ITreeView"/>: links on the
/// way lead within the tree, whatever is done to them meanwhile. A link at the end is followed by <see cref="List"/> and
/// <see cref="ReadAsync"/> alone.
/// </summary>
/// <remarks>
/// <para>Any thread. Every member fails with an <see cref="Errors.EngineException"/>: NotFound nothing is there; InvalidArgument a bad
/// path, or one that leads through a file; AlreadyExists the new name is taken; Forbidden the place may not be written to; Conflict something is
/// mounted there; Unavailable the disk is full.</para>
/// <para>What is made gets the owner of the folder that it is made in, as if who owns the folder had made it.</para>
/// </remarks>
public interface ITreeFiles
{
    /// <summary>What is in a folder, in the order of the names' bytes.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="most">How many are described; the names of all are counted.</param>
    TreeListing List(string path, int most);

    /// <summary>Reads a regular file, of any length, in constant memory.</summary>
    /// <param name="path">The file, or a link to one.</param>
    /// <param name="most">How many bytes from its beginning; the file's size when that is less.</param>
    /// <param name="open">Told what it is before its bytes come; gives where to write, which is not disposed.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task ReadAsync(string path, long most, Func<TreeEntry, ValueTask<Stream>> open, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes a file whole or not at all: what was there before is replaced in one step when all bytes are on the disk, and keeps its mode
    /// and owner. Until then the bytes are in a file beside it whose name begins with <see cref="UnfinishedPrefix"/>.
    /// </summary>
    /// <param name="path">Where.</param>
    /// <param name="content">Read to its end; a failure of it leaves nothing. Not disposed.</param>
    /// <param name="replaces">False to fail with AlreadyExists when the name is taken.</param>
    /// <param name="cancellationToken">Stops; nothing is left.</param>
    Task WriteAsync(string path, Stream content, bool replaces, CancellationToken cancellationToken = default);

    /// <summary>Makes an empty folder, mode 0755.</summary>
    void MakeFolder(string path);

    /// <summary>Gives something another name, in the same folder or another; never in the place of something else.</summary>
    void Rename(string path, string newPath);

    /// <summary>What a removal would take away.</summary>
    /// <param name="path">A file, a link itself, or a folder.</param>
    /// <param name="most">Stops to count there; then <see cref="TreeTotals.IsWhole"/> is false.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    TreeTotals Measure(string path, int most = int.MaxValue, CancellationToken cancellationToken = default);

    /// <summary>Removes a file, a link itself, or a folder with all in it. Nothing when something is mounted in it.</summary>
    /// <param name="path">Which; not the tree's root.</param>
    /// <param name="cancellationToken">Stops before anything is removed, not in the middle.</param>
    void Remove(string path, CancellationToken cancellationToken = default);

    /// <summary>How the names of files begin that are being written. One that stays was left by a node that lost its power.</summary>
    const string UnfinishedPrefix = ".portal-upload-";
}
