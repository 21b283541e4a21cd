using Portal.Engine.Errors;
using Portal.Engine.Trees;

namespace Portal.Agent.Tests.Fakes;

/// <summary>Files that are pairs of a path and bytes; keeps what was asked for.</summary>
public sealed class FakeTreeFiles : ITreeFiles
{
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public List<string> Asked { get; } = [];

    public TreeListing List(string path, int most)
    {
        Asked.Add($"list {path} {most}");
        var entries = Files.Take(most).Select(file => Describe(file.Key[(file.Key.LastIndexOf('/') + 1)..], file.Value)).ToList();
        return new TreeListing(entries, Files.Count);
    }

    public async Task ReadAsync(
        string path, long most, Func<TreeEntry, ValueTask<Stream>> open, CancellationToken cancellationToken = default)
    {
        var bytes = Files.GetValueOrDefault(path) ?? throw EngineException.NotFound($"'{path}' is not there.");
        var output = await open(Describe(path, bytes));
        await output.WriteAsync(bytes.AsMemory(0, (int)Math.Min(bytes.Length, most)), cancellationToken);
    }

    public async Task WriteAsync(string path, Stream content, bool replaces, CancellationToken cancellationToken = default)
    {
        using var written = new MemoryStream();
        await content.CopyToAsync(written, cancellationToken);
        Asked.Add($"write {path} {replaces}");
        Files[path] = written.ToArray();
    }

    public void MakeFolder(string path) => Asked.Add($"make {path}");

    public void Rename(string path, string newPath) => Asked.Add($"rename {path} {newPath}");

    public TreeTotals Measure(string path, int most = int.MaxValue, CancellationToken cancellationToken = default) =>
        new(2, 3, 5_000_000_000, most > 1_000_000, "/mounted");

    public void Remove(string path, CancellationToken cancellationToken = default) => Asked.Add($"remove {path}");

    private static TreeEntry Describe(string name, byte[] bytes) => new()
    {
        Name = name,
        IsAddressable = name != "odd",
        Size = bytes.Length,
        Mode = 0x81A4,
        Modified = DateTimeOffset.UnixEpoch,
        UserId = 1000,
        GroupId = 4_000_000_000,
        UserName = "app",
        LinkTarget = "there",
        TargetMode = 0x41ED,
        IsMounted = true,
    };
}
