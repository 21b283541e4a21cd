using Portal.Engine.Errors;

namespace Portal.Engine.Trees;

/// <summary>
/// Files of which some places stay. The kernel takes a folder away even when another namespace has something mounted on it, and the mount
/// with it: a running container would lose its <c>/proc</c>.
/// </summary>
/// <param name="files">All files.</param>
/// <param name="kept">Absolute paths that stay, with what leads there.</param>
internal sealed class GuardedFiles(ITreeFiles files, IReadOnlyCollection<string> kept) : ITreeFiles
{
    public TreeListing List(string path, int most) => files.List(path, most);

    public Task ReadAsync(
        string path, long most, Func<TreeEntry, ValueTask<Stream>> open, CancellationToken cancellationToken = default) =>
        files.ReadAsync(path, most, open, cancellationToken);

    public Task WriteAsync(string path, Stream content, bool replaces, CancellationToken cancellationToken = default) =>
        files.WriteAsync(path, content, replaces, cancellationToken);

    public void MakeFolder(string path) => files.MakeFolder(path);

    public void Rename(string path, string newPath)
    {
        Check(path, "moved");
        files.Rename(path, newPath);
    }

    public TreeTotals Measure(string path, int most = int.MaxValue, CancellationToken cancellationToken = default)
    {
        var totals = files.Measure(path, most, cancellationToken);
        return totals with { Mounted = totals.Mounted ?? Find(path) };
    }

    public void Remove(string path, CancellationToken cancellationToken = default)
    {
        Check(path, "removed");
        files.Remove(path, cancellationToken);
    }

    private void Check(string path, string what)
    {
        if (Find(path) is { } place)
        {
            throw EngineException.Conflict($"'{path}' can't be {what}: something is mounted on '{place}' in the container.");
        }
    }

    private string? Find(string path)
    {
        var whole = Path.GetFullPath(path, "/").TrimEnd('/') + "/";
        return kept.FirstOrDefault(place => (place.TrimEnd('/') + "/").StartsWith(whole, StringComparison.Ordinal));
    }
}
