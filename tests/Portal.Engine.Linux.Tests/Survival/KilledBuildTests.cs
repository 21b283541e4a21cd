using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Builds;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Checking;
using Portal.Engine.Linux.Tests.Builds.Execution;
using Portal.Engine.Linux.Tests.Containers;
using Portal.Testing;
using Portal.Testing.Survival;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Survival;

/// <summary>
/// An engine is killed with SIGKILL in each phase of a build. The next one has no container, mount, cgroup, link or temporary file of
/// it, an image that is whole or is not there, a cache that gives nothing else than the steps do, and builds the same to its end.
/// </summary>
[Trait("Area", "survival")]
public sealed class KilledBuildTests : IAsyncLifetime
{
    private const int Steps = 8;

    // Every step but the first three is another one in each round, so that each round has all phases.
    private const string Dockerfile = """
        FROM busybox
        RUN --mount=type=cache,target=/c echo once >> /c/runs; echo steady > /steady
        ARG ROUND
        RUN --mount=type=tmpfs,target=/t mkdir /ran; i=0; while [ $i -lt 200 ]; do i=$((i+1)); echo $ROUND $i > /ran/$i; done; echo ran
        COPY many /many/
        COPY large /large
        WORKDIR /made/$ROUND
        CMD ["cat", "/ran/1"]
        """;

    private readonly Random _random = new(Environment.TickCount);
    private byte[] _context = [];

    private KernelEngine Engine { get; set; } = null!;

    private TestInstance Instance => Engine.Instance;

    private IBuilder Builder => Engine.Services.GetRequiredService<IBuilder>();

    public async Task InitializeAsync()
    {
        Engine = await KernelEngine.StartAsync(withImages: true);
        await Engine.Images.CreateFromHostBusyboxAsync();
    }

    public async Task DisposeAsync()
    {
        if (Engine.IsEnded)
        {
            await Engine.BeginAsync();
        }

        await Engine.DisposeAsync();
    }

    [Theory]
    [InlineData(BuildPhase.Upload)]
    [InlineData(BuildPhase.Run)]
    [InlineData(BuildPhase.Commit)]
    [InlineData(BuildPhase.Copy)]
    [InlineData(BuildPhase.Keep)]
    [InlineData(BuildPhase.Export)]
    public async Task Build_KilledInAPhase_LeavesNothingAndSucceedsTheNextTime(BuildPhase phase)
    {
        for (var round = 1; round <= TestSettings.Rounds(2, 20); round++)
        {
            var files = Enumerable.Range(0, 300).Select(number => ($"many/{number % 7}/{number}", $"{round} {number}\n"));
            _context = BuildHost.Context(
                [("Dockerfile", Dockerfile), .. files, ("large", new string((char)('a' + round), 24 << 20))]);
            await Engine.EndAsync();
            await KillAsync(phase, round);
            await Engine.BeginAsync();
            await CheckNothingIsLeftAsync();
            await CheckTagAsync(round);
            await CheckBuildAsync(round);
        }
    }

    private async Task KillAsync(BuildPhase phase, int round)
    {
        await using var killed = await EngineProcess.StartWithImagesAsync(Instance);
        var path = Instance.TempPath("context");
        if (phase == BuildPhase.Upload)
        {
            await Tool.RunAsync("mkfifo", path);
            await killed.SendAsync($"& build {round} {path}");
            await using (var pipe = new FileStream(path, FileMode.Open, FileAccess.Write))
            {
                // Half of it is there, and the rest never comes.
                await pipe.WriteAsync(_context.AsMemory(0, _context.Length / 2));
                await Eventually.HoldsAsync(() => Received() > _context.Length / 4, "the engine has a part of the context");
                await killed.KillAsync();
            }
        }
        else
        {
            await File.WriteAllBytesAsync(path, _context);
            await killed.SendAsync($"& build {round} {path}");
            await killed.ReadToAsync(phase switch
            {
                BuildPhase.Run => "Running 4",
                BuildPhase.Commit => "Output 4",
                BuildPhase.Copy => $"Started {5 + _random.Next(2)}",
                BuildPhase.Keep => $"Started {5 + _random.Next(3)}",
                _ => $"Started {Steps}",
            });

            // The moment of the kill within the phase is the point of the test: it has to be some time, not an event.
            await Task.Delay(_random.Next(phase switch { BuildPhase.Keep => 400, BuildPhase.Export => 40, _ => 150 }));
            await killed.KillAsync();
        }

        File.Delete(path);
    }

    private long Received()
    {
        var running = Path.Combine(Instance.DataRoot, "builds", "running");
        return Directory.Exists(running)
            ? Directory.EnumerateFiles(running, "context", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length)
            : 0;
    }

    private async Task CheckNothingIsLeftAsync()
    {
        await KernelObjects.SettleAsync(Instance, []);
        Assert.Empty(await Engine.Containers.ListAsync());
        foreach (var folder in (string[])["content/ingest", "overlay/staging", "overlay/roots", "containers", "builds/running"])
        {
            var path = Path.Combine(Instance.DataRoot, folder);
            Assert.True(!Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any(), $"there is something in {folder}");
        }

        Assert.False(Directory.Exists(Path.Combine(Instance.RunRoot, "builds")), "no secret is left");
        var records = Directory.EnumerateFiles(Path.Combine(Instance.DataRoot, "builds", "cache"));
        Assert.All(records, file => Assert.EndsWith(".json", file, StringComparison.Ordinal));
        var report = await Engine.Services.GetRequiredService<IStoreCheck>().RunAsync(new StoreCheckRequest());
        Assert.True(report.Problems.Count == 0, string.Join('\n', report.Problems));
    }

    /// <summary>The name is that of the round before, or of this one, or of no image; never of a half.</summary>
    private async Task CheckTagAsync(int round)
    {
        try
        {
            var image = await Engine.Images.InspectAsync("killed:1");
            var text = await ReadAsync(image, "cat /ran/1");
            Assert.Contains(text, (string[])[$"{round} 1\n", $"{round - 1} 1\n"]);
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound && round == 1)
        {
            // Killed before its first image.
        }
    }

    private async Task CheckBuildAsync(int round)
    {
        const string describe = "cat /steady; ls /made; find /ran /many /large -type f | sort | xargs sha256sum";
        var image = await BuildAsync(round, noCache: false);
        var found = await ReadAsync(image, describe);
        Assert.StartsWith($"steady\n{round}\n", found, StringComparison.Ordinal);
        Assert.Equal(503, found.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        // What the cache of the killed engine gave is what the steps give.
        Assert.Equal(image.Id, (await BuildAsync(round, noCache: false)).Id);
        Assert.Equal(found, await ReadAsync(await BuildAsync(round, noCache: true), describe));
    }

    private Task<ImageDetails> BuildAsync(int round, bool noCache)
    {
        var request = new BuildRequest
        {
            Names = ["killed:1"], NoCache = noCache, Arguments = new Dictionary<string, string?> { ["ROUND"] = $"{round}" },
        };
        return Builder.BuildAsync(request, new MemoryStream(_context));
    }

    private async Task<string> ReadAsync(ImageDetails image, string script)
    {
        var id = await Engine.RunAsync(script, spec => spec with { Image = image.Id, NetworkMode = "none", Entrypoint = [] });
        await Engine.Containers.WaitAsync(id);
        var log = await Engine.LogAsync(id);
        await Engine.Containers.RemoveAsync(id, force: true);
        return log;
    }
}
