using System.Diagnostics;
using System.Security.Cryptography;
using Portal.Testing.Images;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images;

/// <summary>An engine that is killed with SIGKILL while it pulls, loads and removes.</summary>
public sealed class KillTests : ImageTestBase
{
    private const int Rounds = 12;

    [Fact]
    public async Task Open_KilledAtAnyMoment_IsConsistentAndGoesOn()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var image = await BusyboxImages.CreateAsync();
        var noise = new byte[3 << 20];
        new Random(3).NextBytes(noise);
        image.AddLayer(writer => writer.WriteFile("noise", noise)).AddFile("a", "1");
        var reference = await registry.PushAsync(image, "x:1");
        var archive = await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("image.tar"));
        var random = new Random(4);
        for (var round = 0; round < Rounds; round++)
        {
            await Engine.DisposeAsync();
            await ChurnAndKillAsync(reference, archive, TimeSpan.FromMilliseconds(random.Next(300)));
            Engine = Open();
            await CheckAsync();
        }

        var pulled = await Engine.Images.PullAsync(reference);

        Assert.Equal("1", await File.ReadAllTextAsync(await Engine.MountAsync(pulled) + "/a"));
        await Engine.Collector.CollectAsync(TimeSpan.Zero);
        await CheckAsync();
    }

    private async Task ChurnAndKillAsync(string reference, string archive, TimeSpan after)
    {
        var assembly = typeof(KillTests).Assembly.Location;
        var start = new ProcessStartInfo(
            "dotnet", ["exec", assembly, "churn", Instance.Name, Instance.DataRoot, Instance.RunRoot, reference, archive])
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
        var images = await Engine.Images.ListAsync();
        AssertNothingInTheMaking();
        foreach (var blob in Blobs())
        {
            await using var stream = File.OpenRead(blob);
            Assert.Equal(Path.GetFileName(blob), Convert.ToHexStringLower(await SHA256.HashDataAsync(stream)));
        }

        foreach (var summary in images)
        {
            var image = await Engine.Images.InspectAsync(summary.Id);
            var root = await Engine.MountAsync(image, $"check{image.Id[7..19]}");
            Assert.True(File.Exists(root + "/bin/busybox"));
            await Engine.Snapshotter.RemoveAsync($"check{image.Id[7..19]}");
        }
    }
}
