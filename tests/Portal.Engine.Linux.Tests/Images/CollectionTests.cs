using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Checking;
using Portal.Engine.Images.Space;
using Portal.Testing.Engine;
using Portal.Testing.Images;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images;

/// <summary>What is kept, for how long, and that nobody loses what they need.</summary>
public sealed class CollectionTests : ImageTestBase
{
    private const int Rounds = 12;

    [Fact]
    public async Task CollectAsync_AfterABrokenLoad_KeepsLayersForTheRetryUntilTheyExpire()
    {
        var time = await OpenWithClockAsync();
        await UnpackWithoutAnImageAsync();

        await Engine.Collector.CollectAsync(TimeSpan.FromDays(1));
        Assert.Single(Layers());
        time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        await Engine.Collector.CollectAsync(TimeSpan.FromDays(1));

        Assert.Empty(Layers());
        Assert.Empty(Blobs());
    }

    [Fact]
    public async Task CollectAsync_LayerBelowARecentOne_Stays()
    {
        var time = await OpenWithClockAsync();
        var below = await UnpackWithoutAnImageAsync();
        time.Advance(TimeSpan.FromDays(2));
        await UnpackWithoutAnImageAsync(below);

        await Engine.Collector.CollectAsync(TimeSpan.FromDays(1));

        Assert.Equal(2, Layers().Length);
    }

    [Fact]
    public async Task CollectAsync_NoteThatIsBeingWritten_IsLeftToWhoWritesIt()
    {
        var notes = Directory.CreateDirectory(Path.Combine(Instance.DataRoot, "content", "diff-ids")).FullName;
        var written = Path.Combine(notes, $".{new string('a', 64)}.x.tmp");
        var lost = Path.Combine(notes, new string('b', 64));
        await File.WriteAllTextAsync(written, "sha25");
        await File.WriteAllTextAsync(lost, $"sha256:{new string('c', 64)}");

        await Engine.Collector.CollectAsync(TimeSpan.Zero);

        Assert.True(File.Exists(written));
        Assert.False(File.Exists(lost));
    }

    [Fact]
    public async Task PullRemovePruneAndCheck_AtOnce_NobodyLosesWhatTheyNeed()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var references = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var image = new TestImageBuilder().AddFile("shared", new string('s', 300_000)).AddFile("own", $"{i}").AddFile("more", $"{i / 2}");
            references.Add(await registry.PushAsync(image, $"stress:{i}"));
        }

        await Task.WhenAll(
        [
            .. references.Select((reference, index) => Task.Run(() => PullAndUseAsync(reference, $"{index}"))),
            Task.Run(() => RemoveAsync(references)),
            Task.Run(() => RepeatAsync(() => Engine.Get<IImageSpace>().PruneAsync(image => image.Names.Count == 0))),
            Task.Run(() => RepeatAsync(() => Engine.Get<IStoreCheck>().RunAsync(new StoreCheckRequest { Mend = true }))),
        ]);

        var report = await Engine.Get<IStoreCheck>().RunAsync(new StoreCheckRequest());
        Assert.True(report.IsSound, string.Join('\n', report.Problems));
        await Engine.Get<IImageSpace>().PruneAsync(_ => true);
        Assert.Empty(Blobs());
        Assert.Empty(Layers());
        AssertNothingInTheMaking();
    }

    private async Task<FakeTimeProvider> OpenWithClockAsync()
    {
        // Blobs carry the times of the file system: the clock begins there.
        var time = new FakeTimeProvider();
        time.Advance(DateTimeOffset.UtcNow - time.GetUtcNow());
        await Engine.DisposeAsync();
        Engine = Open(services => services.AddSingleton<TimeProvider>(time));
        return time;
    }

    private async Task PullAndUseAsync(string reference, string own)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var container = $"c{own}-{round}";
            try
            {
                var image = await Engine.Images.PullAsync(reference);
                var root = await Engine.MountAsync(image, container);
                Assert.Equal(own, await File.ReadAllTextAsync(root + "/own"));
                Assert.Equal(300_000, new FileInfo(root + "/shared").Length);
            }
            catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound && failure.Message.StartsWith("The layer", StringComparison.Ordinal))
            {
                // Removed between the pull and its use: a container is not made, and that is said.
                Assert.False(Directory.Exists(Path.Combine(Instance.DataRoot, "overlay", "roots", container)));
            }
            finally
            {
                await Engine.Snapshotter.RemoveAsync(container);
            }
        }
    }

    private async Task RemoveAsync(List<string> references)
    {
        for (var round = 0; round < Rounds * 3; round++)
        {
            try
            {
                await Engine.Images.RemoveAsync(references[round % references.Count], force: true);
            }
            catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task RepeatAsync(Func<Task> step)
    {
        for (var round = 0; round < Rounds; round++)
        {
            await step();
        }
    }

    private async Task<string> UnpackWithoutAnImageAsync(string? parent = null)
    {
        var tar = new TestImageBuilder().AddFile("x", parent ?? "lowest").Layers[0];
        var diffId = TestImageBuilder.Digest(tar);
        var chainId = parent is null ? diffId : TestImageBuilder.Digest(System.Text.Encoding.ASCII.GetBytes($"{parent} {diffId}"));
        await Engine.Snapshotter.UnpackAsync(chainId, parent, diffId, new MemoryStream(tar));
        await Engine.Get<Content.ContentStore>().WriteAsync(tar, default);
        return chainId;
    }
}
