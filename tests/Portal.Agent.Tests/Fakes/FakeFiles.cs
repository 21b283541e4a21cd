using Portal.Engine.Containers.Committing;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Trees;

namespace Portal.Agent.Tests.Fakes;

/// <summary>One container's files that are a few answers; keeps what was written and asked for.</summary>
public sealed class FakeFiles : IContainerTrees, IContainerFiles, IContainerCommits
{
    /// <summary>What a copy out and an export give.</summary>
    public byte[] Archive { get; } = [.. Enumerable.Range(0, 700_000).Select(number => (byte)number)];

    public byte[] Written { get; private set; } = [];

    public string Asked { get; private set; } = "";

    public ContainerCommit? Committed { get; private set; }

    public IEnumerable<TreeChange> ListChanges(string container)
    {
        Check(container);
        return Enumerable.Range(0, 2500).Select(number => new TreeChange($"/{number}", (TreeChangeKind)(number % 3)));
    }

    public async Task ExportAsync(string container, Stream output, CancellationToken cancellationToken = default)
    {
        Check(container);
        await output.WriteAsync(Archive, cancellationToken);
    }

    public Task<TreeStat> StatAsync(string container, string path, CancellationToken cancellationToken = default)
    {
        Check(container);
        return Task.FromResult(new TreeStat { Name = path, Size = 7, Mode = 0xA1FF, Modified = DateTimeOffset.UnixEpoch, LinkTarget = "/there" });
    }

    public async Task ReadAsync(
        string container, string path, Func<TreeStat, ValueTask<Stream>> open, CancellationToken cancellationToken = default)
    {
        var output = await open(await StatAsync(container, path, cancellationToken));
        await output.WriteAsync(Archive, cancellationToken);
    }

    public async Task WriteAsync(
        string container, string path, Stream archive, bool keepsKinds = false, bool toUser = false,
        CancellationToken cancellationToken = default)
    {
        Check(container);
        using var written = new MemoryStream();
        await archive.CopyToAsync(written, cancellationToken);
        Written = written.ToArray();
        Asked = $"{path} {keepsKinds} {toUser}";
    }

    public FakeTreeFiles Tree { get; } = new();

    public async Task<T> UseAsync<T>(
        string container, Func<ITreeFiles, ValueTask<T>> use, CancellationToken cancellationToken = default)
    {
        Check(container);
        return await use(Tree);
    }

    public Task<ImageDetails> CommitAsync(ContainerCommit request, CancellationToken cancellationToken = default)
    {
        Check(request.Container);
        Committed = request;
        return Task.FromResult(new ImageDetails
        {
            Id = FakeImages.Id, Platform = new ImagePlatform("linux", "amd64"), Config = new ImageConfig(),
        });
    }

    private static void Check(string container)
    {
        if (container != "web")
        {
            throw EngineException.NotFound($"No such container: {container}");
        }
    }
}
