using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Snapshots.Overlay;
using Portal.Engine.Linux.Storage;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Snapshots.Overlay;

/// <summary>A snapshotter on folders of its own, and short forms for layers.</summary>
public abstract class OverlayTestBase : IAsyncLifetime
{
    private protected TestInstance Instance { get; } = new();

    private protected OverlaySnapshotter Snapshotter { get; set; } = null!;

    private protected EngineOptions Options { get; set; } = null!;

    public Task InitializeAsync()
    {
        Options = new EngineOptions { Name = Instance.Name, DataRoot = Instance.DataRoot, RunRoot = Instance.RunRoot };
        Snapshotter = Open();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        Snapshotter.Dispose();
        await Instance.DisposeAsync();
    }

    private protected OverlaySnapshotter Open() =>
        new(Options, new LinuxDurableFiles(), NullLogger<OverlaySnapshotter>.Instance);

    private protected static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private protected static string Chain(string? parent, string diffId) =>
        parent is null ? diffId : Digest(Encoding.UTF8.GetBytes($"{parent} {diffId}"));

    /// <summary>Unpacks an archive as a layer and gives its chain id.</summary>
    private protected async Task<string> UnpackAsync(byte[] tar, string? parent = null)
    {
        var diffId = Digest(tar);
        var chainId = Chain(parent, diffId);
        await Snapshotter.UnpackAsync(chainId, parent, diffId, new MemoryStream(tar));
        return chainId;
    }

    private protected async Task<string> MountAsync(string chainId, string containerId = "c1")
    {
        await Snapshotter.PrepareAsync(containerId, chainId);
        return await Snapshotter.MountAsync(containerId);
    }
}
