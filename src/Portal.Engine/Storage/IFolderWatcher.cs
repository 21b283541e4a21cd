namespace Portal.Engine.Storage;

/// <summary>Tells of changes in folders as they happen, without polling (inotify(7) on Linux).</summary>
public interface IFolderWatcher
{
    /// <summary>
    /// Watches the files directly in a folder: writes, new names, renames. Any number of watches may be on one folder.
    /// </summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="changed">
    /// Called after each change, from a thread that all watches share: it only sets a signal. It may be called
    /// without a change.
    /// </param>
    /// <returns>Ends the watch when disposed.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    IDisposable Watch(string folder, Action changed);
}
