using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Builds;
using Portal.Engine.Linux.Snapshots.Overlay;
using Portal.Engine.Snapshots;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Builds.Execution;

/// <summary>What a build writes to the disk.</summary>
public sealed class BuildDiskTests
{
    // No whole number of blocks: the rest of a file that shares its blocks is the file's own.
    private const int LargeBytes = 300_001;

    [Fact]
    public async Task Build_AllStepsDone_FlushesItsLayersWithoutItsContext()
    {
        await using var instance = new TestInstance();
        var flushed = new List<string[]>();
        await using var host = await BuildHost.StartAsync(instance, replace: services => services.AddSingleton<ILayerMaintenance>(
            provider => new WatchedMaintenance(
                provider.GetRequiredService<OverlaySnapshotter>(),
                () => flushed.Add(FilesOfBuilds(instance)))));
        flushed.Clear();

        await host.BuildAsync("FROM busybox\nCOPY large /\nADD more.tar /more/\n", ("large", new string('x', LargeBytes)), ("more.tar", Tar()));

        Assert.NotEmpty(flushed);
        Assert.All(flushed, Assert.Empty);
    }

    [Theory]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task Copy_OnAFileSystemThatSharesBlocks_SharesThemWithWhatIsCopied(string kind)
    {
        await using var instance = new TestInstance();
        if (!await TryMountAsync(instance, kind))
        {
            return;
        }

        await using var host = await BuildHost.StartAsync(instance);
        var content = Convert.ToHexString(RandomNumberGenerator.GetBytes(LargeBytes / 2)) + "z";
        var image = await host.BuildAsync(
            """
            FROM busybox AS from
            COPY small large /given/
            FROM busybox
            COPY --from=from --chown=5:6 --chmod=640 /given/large /taken
            """,
            ("small", "s"), ("large", content));

        var sum = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(content)));
        Assert.Equal($"{sum}  /taken\n5:6 640 {LargeBytes}\n", await host.RunAsync(image, "sha256sum /taken; stat -c '%u:%g %a %s' /taken"));
        var layers = Path.Combine(instance.DataRoot, "overlay", "layers");
        var given = Assert.Single(Directory.GetFiles(layers, "large", SearchOption.AllDirectories));
        var taken = Assert.Single(Directory.GetFiles(layers, "taken", SearchOption.AllDirectories));
        await Tool.RunAsync("sync", "--file-system", given);
        Assert.Contains("shared", await Tool.RunAsync("filefrag", "-v", given), StringComparison.Ordinal);
        Assert.Contains("shared", await Tool.RunAsync("filefrag", "-v", taken), StringComparison.Ordinal);

        // Only hashed on its way, and the digest that it was installed under is that of its archive.
        Assert.Equal(sum, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(taken))));
        var again = await host.BuildAsync(new BuildRequest { NetworkMode = "none", NoCache = true }, BuildHost.Context(
            ("Dockerfile", "FROM busybox\nCOPY large /twice\nCOPY large /twice\n"), ("large", content)));
        Assert.Equal($"{sum}  /twice\n", await host.RunAsync(again, "sha256sum /twice"));
    }

    private static async Task<bool> TryMountAsync(TestInstance instance, string kind)
    {
        if (!File.Exists($"/usr/sbin/mkfs.{kind}") || !File.ReadLines("/proc/filesystems").Any(line => line.EndsWith($"\t{kind}", StringComparison.Ordinal)))
        {
            return false;
        }

        var image = instance.TempPath($"{kind}.img");
        await Tool.RunAsync("truncate", "-s", "320M", image);
        await Tool.RunAsync($"mkfs.{kind}", "-q", image);
        await Tool.RunAsync("mount", "-o", "loop", image, instance.DataRoot);
        await Tool.RunAsync("chmod", "711", instance.DataRoot);
        return true;
    }

    private static string[] FilesOfBuilds(TestInstance instance)
    {
        var folder = Directory.CreateDirectory(Path.Combine(instance.DataRoot, "builds", "running"));
        return [.. folder.GetFiles("*", SearchOption.AllDirectories).Select(file => file.Name)];
    }

    private static string Tar() => Encoding.ASCII.GetString(BuildHost.Context(("inside", new string('y', LargeBytes))));

    private sealed class WatchedMaintenance(ILayerMaintenance inner, Action flushing) : ILayerMaintenance
    {
        public Task FlushAsync(IReadOnlyCollection<string> chainIds, CancellationToken cancellationToken = default)
        {
            flushing();
            return inner.FlushAsync(chainIds, cancellationToken);
        }

        public IReadOnlyCollection<string> ListLayers() => inner.ListLayers();

        public IReadOnlyCollection<string> ListLayersSince(DateTimeOffset since) => inner.ListLayersSince(since);

        public Task<IReadOnlyList<string>> CollectLayersAsync(IReadOnlySet<string> liveChainIds, CancellationToken cancellationToken = default) =>
            inner.CollectLayersAsync(liveChainIds, cancellationToken);

        public IReadOnlyCollection<string> FindUnneededLayers(IReadOnlySet<string> liveChainIds) => inner.FindUnneededLayers(liveChainIds);

        public Task WaitForSpaceAsync(CancellationToken cancellationToken = default) => inner.WaitForSpaceAsync(cancellationToken);

        public Task CollectRootsAsync(IReadOnlySet<string> liveContainerIds, CancellationToken cancellationToken = default) =>
            inner.CollectRootsAsync(liveContainerIds, cancellationToken);
    }
}
