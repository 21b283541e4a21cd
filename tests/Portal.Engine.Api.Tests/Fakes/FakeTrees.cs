using Portal.Engine.Errors;
using Portal.Engine.Trees;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>Containers' files that are a few answers; keeps what was asked for.</summary>
internal sealed class FakeTrees : IContainerTrees
{
    public TreeStat Stat { get; set; } = new() { Name = "etc", Mode = 0x41ED, Size = 4096, Modified = DateTimeOffset.UnixEpoch.AddDays(1) };

    public List<string> Asked { get; } = [];

    public IEnumerable<TreeChange> ListChanges(string container)
    {
        Check(container);
        yield return new TreeChange("/etc", TreeChangeKind.Modified);
        yield return new TreeChange("/etc/\"new\"", TreeChangeKind.Added);
    }

    public async Task ExportAsync(string container, Stream output, CancellationToken cancellationToken = default)
    {
        Check(container);
        await output.WriteAsync("archive"u8.ToArray(), cancellationToken);
    }

    public Task<TreeStat> StatAsync(string container, string path, CancellationToken cancellationToken = default)
    {
        Check(container);
        Asked.Add(path);
        return Task.FromResult(Stat);
    }

    public async Task ReadAsync(
        string container, string path, Func<TreeStat, ValueTask<Stream>> open, CancellationToken cancellationToken = default)
    {
        var output = await open(await StatAsync(container, path, cancellationToken));
        await output.WriteAsync("archive"u8.ToArray(), cancellationToken);
    }

    public async Task WriteAsync(
        string container, string path, Stream archive, bool keepsKinds = false, bool toUser = false,
        CancellationToken cancellationToken = default)
    {
        Check(container);
        using var read = new StreamReader(archive);
        Asked.Add($"{path} {await read.ReadToEndAsync(cancellationToken)} {keepsKinds} {toUser}");
    }

    private static void Check(string container)
    {
        if (container == "missing")
        {
            throw EngineException.NotFound("No such container: missing");
        }
    }
}
