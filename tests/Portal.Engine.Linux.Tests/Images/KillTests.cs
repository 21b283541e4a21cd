using System.Diagnostics;
using Portal.Engine.Content;
using Portal.Engine.Images.Checking;
using Portal.Engine.Snapshots;
using Portal.Testing;
using Portal.Testing.Images;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images;

/// <summary>An engine that is killed with SIGKILL in the middle of its work, over and over.</summary>
[Trait("Area", "survival")]
public sealed class KillTests : ImageTestBase
{
    // The long form takes minutes.
    private static readonly int s_rounds = TestSettings.Rounds(4, 50);

    [Theory]
    [InlineData(Churn.Pull)]
    [InlineData(Churn.Load)]
    [InlineData(Churn.Prune)]
    [InlineData(Churn.Remove)]
    [InlineData(Churn.SaveAndImport)]
    [InlineData(Churn.Commit)]
    public async Task Open_KilledAtAnyMoment_IsConsistentAndGoesOn(Churn churn)
    {
        await using var registry = await RegistryFixture.StartAsync();
        var noise = new byte[3 << 20];
        new Random(3).NextBytes(noise);
        var image = new TestImageBuilder().AddLayer(writer => writer.WriteFile("noise", noise)).AddFile("a", "1").AddFile("b", "2");
        var reference = await registry.PushAsync(image, "x:1");
        var archive = Instance.TempPath("image.tar");
        await Skopeo.ExportAsync(image, $"docker-archive:{archive}:loaded:1");
        var layer = Instance.TempPath("layer.tar");
        await File.WriteAllBytesAsync(layer, image.Layers[0]);

        // A seed for each kind: the moments differ, and are the same in each run.
        var random = new Random(4 + (int)churn);
        for (var round = 0; round < s_rounds; round++)
        {
            await Engine.DisposeAsync();
            await ChurnAndKillAsync(churn, [reference, archive, layer], TimeSpan.FromMilliseconds(random.Next(400)));
            Engine = Open();
            await CheckAsync();
        }

        var pulled = await Engine.Images.PullAsync(reference);
        Assert.Equal("1", await File.ReadAllTextAsync(await Engine.MountAsync(pulled) + "/a"));
        Assert.Equal(pulled.Id, Assert.Single(await Engine.LoadAsync(archive)).Id);
        await Engine.Collector.CollectAsync(TimeSpan.Zero);
        await CheckAsync();
    }

    private async Task ChurnAndKillAsync(Churn churn, string[] inputs, TimeSpan after)
    {
        var assembly = typeof(KillTests).Assembly.Location;
        var start = new ProcessStartInfo(
            "dotnet", ["exec", assembly, "churn", $"{churn}", Instance.Name, Instance.DataRoot, Instance.RunRoot, .. inputs])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());

            // The moment of the kill is the point of the test: it has to be some time, not an event.
            await Task.Delay(after);
            Assert.False(process.HasExited);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private async Task CheckAsync()
    {
        // The parts open the store when they are first asked for, and clean up then.
        var check = Engine.Get<IStoreCheck>();
        AssertNothingInTheMaking();
        await Engine.Get<ILayerMaintenance>().WaitForSpaceAsync();
        await Engine.Get<ContentStore>().WaitForSpaceAsync(default);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Instance.DataRoot, "overlay", "trash")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Instance.DataRoot, "content", "trash")));
        var report = await check.RunAsync(new StoreCheckRequest());
        Assert.True(report.Problems.Count == 0, string.Join('\n', report.Problems));
        foreach (var summary in await Engine.Images.ListAsync())
        {
            var image = await Engine.Images.InspectAsync(summary.Id);
            var container = $"check{image.Id[7..19]}";
            var root = await Engine.MountAsync(image, container);
            Assert.True(File.Exists(root + "/noise"));
            await Engine.Snapshotter.RemoveAsync(container);
        }
    }
}
