using Portal.Engine.Archives;
using Portal.Engine.Builds.Files;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Builds.Remotes;

/// <summary>A downloaded file as a tree of one. Removes it when it is disposed.</summary>
internal sealed class DownloadedTree(string name, string path, RemoteFile file) : IFileTree
{
    // Docker's: only the owner may read what came from elsewhere.
    private const int OwnerOnly = 0x180;

    public TarEntry? Find(string path)
    {
        return path.Length == 0 ? TarOutput.Folder("")
            : path != name ? null
            : TarOutput.File(name, file.Size) with { Mode = OwnerOnly, TimeSeconds = file.Modified?.ToUnixTimeSeconds() ?? 0 };
    }

    public IReadOnlyList<TarEntry> List(string path) => path.Length == 0 ? [Find(name)!] : [];

    public Stream OpenRead(TarEntry file) => File.OpenRead(path);

    public SharedFile? Share(TarEntry entry) => new(File.OpenHandle(path), 0);

    public string DigestOf(TarEntry entry) => file.Hash;

    public void Dispose() => File.Delete(path);
}
