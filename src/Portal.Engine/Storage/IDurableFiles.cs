using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Storage;

/// <summary>
/// Writes that are either wholly there or not at all, whatever is killed or loses power meanwhile: temporary file, fsync(2),
/// rename(2), fsync(2) of the folder.
/// </summary>
public interface IDurableFiles
{
    /// <summary>Replaces or makes a file.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="content">All of its new content.</param>
    /// <param name="durable">
    /// True to wait for the disk. False when losing the newest version in a power cut is acceptable; a killed
    /// process loses nothing either way.
    /// </param>
    void WriteAtomically(string path, ReadOnlySpan<byte> content, bool durable = true);

    /// <summary>Makes a finished temporary file visible under its name, after fsync(2) of it.</summary>
    void Publish(string temporaryPath, string path);

    /// <summary>
    /// Begins to write a part of a file to the disk and does not wait for it, so that a later fsync(2) finds less to do. A hint: nothing is
    /// promised, and nothing fails.
    /// </summary>
    void BeginFlush(SafeFileHandle file, long offset, long length)
    {
    }

    /// <summary>fsync(2) of a folder, so that names made or removed in it are on the disk.</summary>
    void FlushFolder(string path);
}
