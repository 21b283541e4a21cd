using System.Security.Cryptography;
using Portal.Engine.Archives;

namespace Portal.Engine.Builds.Files;

/// <summary>A few files that are in memory: here-documents, downloads.</summary>
internal sealed class MemoryTree(IReadOnlyDictionary<string, byte[]> files) : IFileTree
{
    public TarEntry? Find(string path)
    {
        return path.Length == 0 ? TarOutput.Folder("")
            : files.TryGetValue(path, out var content) ? TarOutput.File(path, content.Length)
            : null;
    }

    public IReadOnlyList<TarEntry> List(string path) =>
        path.Length == 0 ? [.. files.Keys.Order(StringComparer.Ordinal).Select(name => Find(name)!)] : [];

    public Stream OpenRead(TarEntry file) => new MemoryStream(files[TreePaths.Of(file)], writable: false);

    public string DigestOf(TarEntry file) => Convert.ToHexStringLower(SHA256.HashData(files[TreePaths.Of(file)]));

    public void Dispose()
    {
        // Memory needs no release.
    }
}
