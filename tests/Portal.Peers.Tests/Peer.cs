using Portal.Testing.Processes;

namespace Portal.Peers.Tests;

/// <summary>An engine that is not ours, with images of its own, by its command line.</summary>
internal abstract class Peer : IAsyncDisposable
{
    /// <summary>The program and its first arguments.</summary>
    protected abstract IReadOnlyList<string> Command { get; }

    /// <summary>Runs one of its commands to its end; fails when it fails.</summary>
    public Task<string> RunAsync(params string[] arguments) => Tool.RunAsync(Command[0], [.. Command.Skip(1), .. arguments]);

    /// <summary>An image's id: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public async Task<string> IdOfAsync(string image)
    {
        var id = (await RunAsync("image", "inspect", "--format", "{{.Id}}", image)).Trim();
        return id.StartsWith("sha256:", StringComparison.Ordinal) ? id : $"sha256:{id}";
    }

    public abstract ValueTask DisposeAsync();
}
