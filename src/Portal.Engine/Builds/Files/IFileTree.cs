using Portal.Engine.Archives;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Builds.Files;

/// <summary>
/// A tree of files that is only read: a build's context, or the root of a stage or image. Paths are relative to its root, clean, without a
/// slash in front; the root itself is the empty path. No path is followed through a link: <see cref="TreePaths"/> does that, so that all
/// trees follow links by the same rules and none out of its root.
/// </summary>
/// <remarks>Thread-safe. Entries are described as archives do, with their paths relative to the root.</remarks>
public interface IFileTree : IDisposable
{
    /// <summary>The entry of exactly this path; null when there is none, or a name before the last is no folder.</summary>
    TarEntry? Find(string path);

    /// <summary>What is directly in a folder, in the order of the names' bytes; empty for what is no folder.</summary>
    IReadOnlyList<TarEntry> List(string path);

    /// <summary>The content of a file that this tree gave.</summary>
    Stream OpenRead(TarEntry file);

    /// <summary>What all names of one file have in common (hard links); null for a file that has one name.</summary>
    string? IdentityOf(TarEntry file) => null;

    /// <summary>Where on the disk the content of a large file is that nobody writes any more; null where there is no such place.</summary>
    SharedFile? Share(TarEntry file) => null;

    /// <summary>The SHA-256 of a file's content, 64 lower-case hexadecimal digits.</summary>
    string DigestOf(TarEntry file);
}
