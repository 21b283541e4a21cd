using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Builds;
using Portal.Engine.Errors;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Builds.Execution;

public sealed class CacheTests
{
    private const string Once = """
        FROM busybox
        RUN --mount=type=cache,target=/c echo x >> /c/runs; for i in 1 2 3 4 5; do usleep 100000; done; wc -l < /c/runs > /runs
        """;

    private const string LongAtFirst = """
        FROM busybox
        RUN --mount=type=cache,target=/c test -e /c/second || { touch /c/first; sleep 1000; }; echo done > /out
        """;

    [Fact]
    public async Task Build_OfTheSameStepByTwoAtATime_RunsItOnce()
    {
        await using var host = await BuildHost.StartAsync();
        var context = BuildHost.Context(("Dockerfile", Once));
        var request = new BuildRequest { NetworkMode = "none" };
        var images = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.Builder.BuildAsync(request, new MemoryStream(context))));

        Assert.Single(images.Select(image => image.Id).Distinct());
        Assert.Equal("1\n", await host.RunAsync(images[0], "cat /runs"));
    }

    [Fact]
    public async Task Build_WhoseTwinIsCancelled_RunsTheStepItself()
    {
        await using var host = await BuildHost.StartAsync();
        var context = BuildHost.Context(("Dockerfile", LongAtFirst));
        var request = new BuildRequest { NetworkMode = "none" };
        using var stop = new CancellationTokenSource();
        var running = new TaskCompletionSource();
        var waiting = new TaskCompletionSource();
        var first = host.Builder.BuildAsync(request, new MemoryStream(context), new Told(BuildEventKind.Running, running), stop.Token);
        await running.Task;
        var second = host.Builder.BuildAsync(request, new MemoryStream(context), new Told(BuildEventKind.Note, waiting));
        await waiting.Task;
        await Eventually.HoldsAsync(() => Mounted(host, "first"), "the first build runs its step");
        await File.WriteAllTextAsync(Path.Combine(Folder(host), "second"), "");
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal("done\n", await host.RunAsync(await second, "cat /out"));
    }

    [Fact]
    public async Task Build_WithTextAlone_NeedsNoContext()
    {
        await using var host = await BuildHost.StartAsync();
        var request = new BuildRequest { NetworkMode = "none", DockerfileText = "FROM busybox\nRUN echo text > /out" };
        var image = await host.Builder.BuildAsync(request, null);
        Assert.Equal("text\n", await host.RunAsync(image, "cat /out"));

        var context = BuildHost.Context(("Dockerfile", "FROM nothing-like-it"), ("a", "of the context"));
        image = await host.BuildAsync(new BuildRequest { NetworkMode = "none", DockerfileText = "FROM busybox\nCOPY a /" }, context);
        Assert.Equal("of the context", await host.RunAsync(image, "cat /a"));
        await Assert.ThrowsAsync<EngineException>(() => host.Builder.BuildAsync(new BuildRequest(), null));
    }

    [Fact]
    public async Task Build_ThatFails_TellsTheLineAndThoseAroundIt()
    {
        await using var host = await BuildHost.StartAsync();
        var step = await Assert.ThrowsAsync<BuildStepException>(() => host.BuildAsync("FROM busybox\n# why\nRUN \\\n  exit 7\nCMD x"));
        Assert.Equal(("Dockerfile", 3, 7), (step.File, step.Line, step.ExitCode));
        Assert.Equal("    1 | FROM busybox\n    2 | # why\n>   3 | RUN \\\n    4 |   exit 7\n    5 | CMD x\n", step.Excerpt);

        var copy = await Assert.ThrowsAsync<BuildException>(() => host.BuildAsync("FROM busybox\nCOPY gone /"));
        Assert.Equal((EngineErrorKind.NotFound, 2), (copy.Kind, copy.Line));
        Assert.Contains(">   2 | COPY gone /\n", copy.Excerpt);
        var syntax = await Assert.ThrowsAsync<BuildException>(() => host.BuildAsync("FROM busybox\nCOPPY a b"));
        Assert.Contains(">   2 | COPPY a b\n", syntax.Excerpt);
    }

    [Fact]
    public async Task PruneCache_ThatKeepsWhatIsShared_RemovesOnlyWhatNoImageHas()
    {
        await using var host = await BuildHost.StartAsync();
        var image = await host.BuildAsync("FROM busybox AS a\nRUN echo a > /a\nFROM busybox\nCOPY --from=a /a /b");
        Assert.Equal([false, true], host.Builder.ListCache().Where(entry => entry.Size > 0).Select(entry => entry.Shared).Order());

        var (preview, bytes) = host.Builder.PreviewPrune(new BuildCachePruning { KeepShared = true });
        var pruned = await host.Builder.PruneCacheAsync(new BuildCachePruning { KeepShared = true });

        Assert.Equal("RUN echo a > /a", Assert.Single(preview).Description);
        Assert.Equal((bytes, 2), (pruned.FreedBytes, pruned.FreedBytes));
        Assert.True(Assert.Single(host.Builder.ListCache(), entry => entry.Size > 0).Shared);
        Assert.Equal("a\n", await host.RunAsync(image, "cat /b"));
    }

    [Fact]
    public async Task ListCache_StepsOfStages_NameTheStepBelowWhileItIsThere()
    {
        await using var host = await BuildHost.StartAsync();
        await host.BuildAsync("FROM busybox AS a\nENV A=1\nRUN echo a > /a\nFROM a\nWORKDIR /w\nCOPY --from=a /a /b");
        await host.Engine.RestartAsync();
        await host.BuildAsync("FROM busybox\nENV A=1");

        var entries = host.Builder.ListCache().ToDictionary(entry => entry.Description);
        Assert.Empty(entries["ENV A=1"].Parents);
        Assert.Equal([entries["ENV A=1"].Id], entries["RUN echo a > /a"].Parents);
        Assert.Equal([entries["RUN echo a > /a"].Id], entries["WORKDIR /w"].Parents);
        Assert.Equal([entries["WORKDIR /w"].Id], entries["COPY --from=a /a /b"].Parents);

        await host.Builder.PruneCacheAsync(new BuildCachePruning { Description = "WORKDIR /w" });
        Assert.Empty(Assert.Single(host.Builder.ListCache(), entry => entry.Description == "COPY --from=a /a /b").Parents);
    }

    [Fact]
    public async Task PruneCache_ByKindAndDescription_RemovesThose()
    {
        await using var host = await BuildHost.StartAsync();
        await host.BuildAsync("FROM busybox\nRUN --mount=type=cache,target=/c echo a > /c/a; echo b > /b\nRUN echo c > /c");

        await host.Builder.PruneCacheAsync(new BuildCachePruning { Kind = "exec.cachemount" });
        Assert.DoesNotContain(host.Builder.ListCache(), entry => entry.Kind == "exec.cachemount");
        await host.Builder.PruneCacheAsync(new BuildCachePruning { Description = "RUN echo c > /c" });
        Assert.StartsWith("RUN --mount", Assert.Single(host.Builder.ListCache()).Description);
        Assert.Empty((await host.Builder.PruneCacheAsync(new BuildCachePruning { IsShared = false })).Ids);
    }

    [Fact]
    public async Task Build_AllFromTheCache_WritesNothingThatIsThere()
    {
        await using var host = await BuildHost.StartAsync();
        var dockerfile = "FROM busybox\nCOPY large /\nRUN echo x > /x\nENV A=1";
        var content = new string('x', 300_000);
        var first = await host.BuildAsync(dockerfile, ("large", content));
        var before = Written(host);

        Assert.Equal(first.Id, (await host.BuildAsync(dockerfile, ("large", content))).Id);
        Assert.Equal(3, host.Cached.Count);
        Assert.Equal(before, Written(host));
        Assert.Equal(3, host.Builder.ListCache().Count(entry => entry.Uses > 0));

        // Another last byte is another file, however it is read.
        Assert.NotEqual(first.Id, (await host.BuildAsync(dockerfile, ("large", content[..^1] + "y"))).Id);
        Assert.NotEqual(before, Written(host));
        await host.Engine.RestartAsync();
        Assert.Equal(first.Id, (await host.BuildAsync(dockerfile, ("large", content))).Id);
    }

    /// <summary>The files of the index and the records, each with its inode: what is written is another file.</summary>
    private static IReadOnlyList<string> Written(BuildHost host)
    {
        var data = host.Engine.Instance.DataRoot;
        string[] files = [Path.Combine(data, "images", "index.json"), .. Directory.GetFiles(Path.Combine(data, "builds", "cache"))];
        return [.. files.Order(StringComparer.Ordinal).Select(file => $"{file} {Tool.RunAsync("stat", "-c", "%i %Y", file).Result}")];
    }

    [Fact]
    public async Task SetCacheLimits_TrimsNowAfterEachBuildAndAfterARestart()
    {
        await using var host = await BuildHost.StartAsync();
        const string Big = "FROM busybox\nRUN head -c 3000000 /dev/zero > /a\nRUN head -c 2000000 /dev/zero > /b";
        await host.BuildAsync(Big);
        await host.Builder.SetCacheLimitsAsync(new BuildCacheLimits(2_500_000));
        Assert.Equal(2_000_000, Assert.Single(host.Builder.ListCache()).Size);

        await host.BuildAsync(Big.Replace("/b", "/c", StringComparison.Ordinal));
        Assert.True(host.Builder.ListCache().Sum(entry => entry.Size) <= 2_500_000);
        await host.Engine.RestartAsync();
        Assert.Equal(2_500_000, host.Builder.CacheLimits.MaxBytes);
        await host.Builder.SetCacheLimitsAsync(new BuildCacheLimits(0, TimeSpan.Zero));
        Assert.Empty(host.Builder.ListCache());
        await Assert.ThrowsAsync<EngineException>(() => host.Builder.SetCacheLimitsAsync(new BuildCacheLimits(-1)));
    }

    [Fact]
    public async Task Run_WithLimits_IsHeldByThem()
    {
        await using var host = await BuildHost.StartAsync();
        var request = new BuildRequest
        {
            NetworkMode = "none",
            Ulimits = [new("nofile", 111, 222)],
            ShmSize = 3 << 20,
            ExtraHosts = ["somewhere:10.9.8.7"],
            SecurityOptions = ["no-new-privileges"],
            Resources = new() { Memory = 64 << 20, NanoCpus = 500_000_000, CpusetCpus = "0", CpuShares = 300 },
            CgroupParent = $"/{host.Engine.Instance.Name}/steps",
        };
        await host.BuildAsync(request, BuildHost.Context(("Dockerfile", """
            FROM busybox
            RUN ulimit -n; ulimit -Hn; df -k /dev/shm | tail -1; grep NoNewPrivs /proc/self/status; grep somewhere /etc/hosts
            RUN nproc
            """)));

        Assert.StartsWith("111\n222\n", host.Output);
        Assert.Contains("3072", host.Output);
        Assert.Contains("NoNewPrivs:\t1", host.Output);
        Assert.Contains("10.9.8.7", host.Output);
        Assert.Contains("\n1\n", host.Output);

        // Looked at from the host: inside, a cgroup namespace may hide what is above.
        using var stop = new CancellationTokenSource();
        var sleeping = host.BuildAsync(request, BuildHost.Context(("Dockerfile", "FROM busybox\nRUN exec sleep 4321")), stop.Token);
        await Eventually.HoldsAsync(
            () => CgroupsOf("sleep\04321\0").Any(text => text.Contains($"{request.CgroupParent}/", StringComparison.Ordinal)),
            "the step runs beneath the cgroup that was asked for");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sleeping);
        await Assert.ThrowsAsync<BuildStepException>(() => host.BuildAsync(
            request, BuildHost.Context(("Dockerfile", "FROM busybox\nRUN head -c 200000000 /dev/zero | tail > /dev/null; test $? -eq 0"))));
    }

    /// <summary>Of all processes of the host with this command line: where proc_pid_cgroup(5) has them.</summary>
    private static IEnumerable<string> CgroupsOf(string commandLine)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            string cgroups;
            try
            {
                cgroups = File.ReadAllText($"{folder}/cmdline") == commandLine ? File.ReadAllText($"{folder}/cgroup") : "";
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            yield return cgroups;
        }
    }

    private static string Folder(BuildHost host) =>
        Directory.EnumerateDirectories(Path.Combine(host.Engine.Instance.DataRoot, "builds", "mounts")).Single();

    private static bool Mounted(BuildHost host, string file) =>
        Directory.Exists(Path.Combine(host.Engine.Instance.DataRoot, "builds", "mounts")) && File.Exists(Path.Combine(Folder(host), file));

    private sealed class Told(BuildEventKind kind, TaskCompletionSource source) : IProgress<BuildEvent>
    {
        public void Report(BuildEvent value)
        {
            if (value.Kind == kind)
            {
                source.TrySetResult();
            }
        }
    }
}
