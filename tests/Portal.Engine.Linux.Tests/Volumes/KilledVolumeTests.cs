using Portal.Engine.Containers;
using Portal.Engine.Linux.Tests.Containers;
using Portal.Engine.Linux.Volumes;
using Portal.Engine.Volumes.Backups;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Volumes;

/// <summary>An engine is killed with SIGKILL while it works on volumes; the next one finds each as it was or as it was to be.</summary>
public sealed class KilledVolumeTests : IAsyncLifetime
{
    private const string Forever = "while :; do sleep 0.2; done";
    private KernelEngine? _engine;

    private TestInstance Instance { get; } = new();

    private string Volumes => Path.Combine(Instance.DataRoot, "volumes");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await (_engine ?? await NextAsync()).DisposeAsync();

    [Theory]
    [InlineData(VolumeUserHandling.Pause)]
    [InlineData(VolumeUserHandling.Stop)]
    public async Task Kill_WhileUsersAreHeld_NextEngineBringsThemBack(VolumeUserHandling users)
    {
        string id;
        await using (var killed = await EngineProcess.StartAsync(Instance))
        {
            await killed.AskAsync("volume-create vol");
            await Tool.RunAsync("dd", "if=/dev/urandom", $"of={Volumes}/vol/_data/f", "bs=1M", "count=8", "status=none");
            id = await killed.AskAsync("volume-run vol " + Forever);

            // Nobody reads the pipe beyond its first bytes: so the backup is under way, and stays so.
            var pipe = Instance.TempPath("pipe");
            await Tool.RunAsync("mkfifo", pipe);
            await killed.SendAsync($"& volume-backup vol {users} {pipe}");
            await using var reader = new FileStream(pipe, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            await reader.ReadExactlyAsync(new byte[4]);
            await killed.KillAsync();
        }

        Assert.Single(Directory.GetFiles(Path.Combine(Volumes, ".holds")));
        var engine = await NextAsync();

        Assert.Equal(ContainerState.Running, (await engine.Containers.InspectAsync(id)).State);
        Assert.Empty(Directory.GetFiles(Path.Combine(Volumes, ".holds")));
    }

    [Fact]
    public async Task Kill_WhileVolumesAreRestored_EachIsWhollyOldOrNew()
    {
        var random = new Random(17);
        var archive = Instance.TempPath("new.tar.zst");
        await using (var first = await EngineProcess.StartAsync(Instance))
        {
            await first.AskAsync("volume-create source");
            await FillAsync("source", "new");
            Assert.StartsWith("sha256:", await first.AskAsync($"volume-backup source Leave {archive}"));
            await first.KillAsync();
        }

        for (var round = 0; round < TestSettings.Rounds(3, 60); round++)
        {
            var id = "";
            await using (var killed = await EngineProcess.StartAsync(Instance))
            {
                await killed.AskAsync("volume-create vol");
                await FillAsync("vol", "old");
                id = await killed.AskAsync("volume-run vol " + Forever);
                await killed.SendAsync($"& volume-restore vol Stop {archive}");
                await killed.SendAsync($"& volume-restore made{round} Leave {archive}");
                await Task.Delay(random.Next(700));
                await killed.KillAsync();
            }

            var engine = await NextAsync();
            await AssertWholeAsync("vol");
            if ((await engine.Volumes.ListAsync()).Any(volume => volume.Name == $"made{round}"))
            {
                Assert.Equal("new", await AssertWholeAsync($"made{round}"));
                Assert.Equal(["_data", "volume.json"], NamesIn(Path.Combine(Volumes, $"made{round}")));
            }

            Assert.Equal(["_data", "volume.json"], NamesIn(Path.Combine(Volumes, "vol")));
            Assert.DoesNotContain(NamesIn(Volumes), name => name[0] == '.' && name != ".holds");
            Assert.Equal(ContainerState.Running, (await engine.Containers.InspectAsync(id)).State);
            await engine.Containers.RemoveAsync(id, force: true);
            await engine.Volumes.RemoveAsync("vol");
            await engine.EndAsync();
        }
    }

    [Fact]
    public async Task Kill_WhileWhatIsMountedIsRestored_ItIsWhollyOldOrNew()
    {
        var random = new Random(29);
        var archive = Instance.TempPath("new.tar.zst");
        var folder = Directory.CreateDirectory(Instance.TempPath("bound")).FullName;
        await using (var first = await EngineProcess.StartAsync(Instance))
        {
            await first.AskAsync("volume-create source");
            await FillAsync("source", "new");
            await first.AskAsync($"volume-backup source Leave {archive}");
            await first.AskAsync($"volume-bind bound {folder}");
            await first.KillAsync();
        }

        for (var round = 0; round < TestSettings.Rounds(3, 60); round++)
        {
            await Tool.RunAsync("bash", "-c", "cd $1; rm -rf ./* ./.p*; for i in $(seq 1 200); do echo old > f$i; done", "bash", folder);
            string id;
            await using (var killed = await EngineProcess.StartAsync(Instance))
            {
                id = await killed.AskAsync("volume-run bound " + Forever);
                await killed.SendAsync($"& volume-restore bound Stop {archive}");
                await Task.Delay(random.Next(500));
                await killed.KillAsync();
            }

            // Its user runs again, so the volume is mounted, and what was begun is ended.
            var engine = await NextAsync();
            Assert.Equal(ContainerState.Running, (await engine.Containers.InspectAsync(id)).State);
            await AssertWholeAsync("bound");
            Assert.Equal(200, Directory.GetFileSystemEntries(folder).Length);
            Assert.Equal(["_data", "volume.json"], NamesIn(Path.Combine(Volumes, "bound")));
            await engine.Containers.RemoveAsync(id, force: true);
            await engine.EndAsync();
        }
    }

    [Fact]
    public async Task Start_FileWhoseWriterWasKilled_IsTakenAway()
    {
        await using (var first = await EngineProcess.StartAsync(Instance))
        {
            await first.AskAsync("volume-create left");
            await first.KillAsync();
        }

        await File.WriteAllTextAsync(Path.Combine(Volumes, "left", "._placing.q2kzwzeg.3q0.tmp"), "half");
        var engine = await NextAsync();
        Assert.Equal(["_data", "volume.json"], NamesIn(Path.Combine(Volumes, "left")));
        await engine.EndAsync();
    }

    [Fact]
    public async Task Kill_WhileVolumesAreMadeAndRemoved_NoneIsThereByHalf()
    {
        var random = new Random(23);
        for (var round = 0; round < TestSettings.Rounds(2, 40); round++)
        {
            await using (var killed = await EngineProcess.StartAsync(Instance))
            {
                for (var i = 0; i < 20; i++)
                {
                    await killed.AskAsync($"volume-create r{round}-{i}");
                    await Tool.RunAsync("bash", "-c", "cd $1; seq -f f%g 1 50 | xargs touch", "bash", $"{Volumes}/r{round}-{i}/_data");
                }

                for (var i = 0; i < 20; i++)
                {
                    await killed.SendAsync($"& volume-remove r{round}-{i}");
                    await killed.SendAsync($"& volume-create n{round}-{i}");
                }

                await Task.Delay(random.Next(60));
                await killed.KillAsync();
            }

            var engine = await NextAsync();
            foreach (var volume in await engine.Volumes.ListAsync())
            {
                Assert.Equal(["_data", "volume.json"], NamesIn(Path.Combine(Volumes, volume.Name)));
                Assert.Equal(volume.Name[0] == 'n' ? 0 : 50, Directory.GetFiles(volume.Mountpoint).Length);
                await engine.Volumes.RemoveAsync(volume.Name);
            }

            // A folder may be made whose volume is not there yet; it takes nobody's name.
            Assert.All(
                NamesIn(Volumes).Where(name => name != ".holds"),
                name => Assert.False(Directory.Exists(Path.Combine(Volumes, name, "_data")), name));
            await engine.EndAsync();
        }
    }

    [Fact]
    public async Task Kill_WhileAVolumeIsMounted_NextEngineUnmountsItAfterItsUser()
    {
        string id;
        await using (var killed = await EngineProcess.StartAsync(Instance))
        {
            await killed.AskAsync("volume-memory vol");
            id = await killed.AskAsync("volume-run vol " + Forever);
            await killed.KillAsync();
        }

        Assert.True(MountTable.Has($"{Volumes}/vol/_data"));
        var engine = await NextAsync();
        Assert.True(MountTable.Has($"{Volumes}/vol/_data"));
        await engine.Containers.RemoveAsync(id, force: true);

        Assert.False(MountTable.Has($"{Volumes}/vol/_data"));
    }

    private static string[] NamesIn(string folder) =>
        [.. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private async Task<KernelEngine> NextAsync() => _engine = await KernelEngine.StartAsync(Instance);

    private Task FillAsync(string volume, string word) => Tool.RunAsync(
        "bash", "-c", "cd $1; rm -rf ./*; for i in $(seq 1 200); do echo $2 > f$i; done", "bash", $"{Volumes}/{volume}/_data", word);

    /// <returns>The one word that all of the volume's 200 files hold.</returns>
    private async Task<string> AssertWholeAsync(string volume)
    {
        var text = await Tool.RunAsync("bash", "-c", "cd $1; cat f* | sort | uniq -c", "bash", $"{Volumes}/{volume}/_data");
        Assert.Matches(@"^ *200 (old|new)\n$", text);
        return text.Trim().Split(' ')[^1];
    }
}
