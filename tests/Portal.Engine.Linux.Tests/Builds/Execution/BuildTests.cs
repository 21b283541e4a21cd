using Portal.Engine.Builds;
using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Tests.Builds.Execution;

public sealed class BuildTests
{
    [Fact]
    public async Task Build_OfAllConfigInstructions_MakesDockersConfiguration()
    {
        await using var host = await BuildHost.StartAsync();
        var image = await host.BuildAsync("""
            ARG TAG=latest
            FROM busybox:$TAG AS base
            ARG WHO=world
            ENV GREETING="hello $WHO" PATH=/own:$PATH
            LABEL a=1 "b c"='d e'
            EXPOSE 80 8000-8001/udp
            VOLUME ["/data", "/more"]
            WORKDIR /one
            WORKDIR two
            USER 1000:1000
            STOPSIGNAL SIGQUIT
            ENTRYPOINT ["/bin/echo"]
            CMD echo $GREETING
            """);

        var config = image.Config;
        Assert.Contains("GREETING=hello world", config.Environment);
        Assert.Contains(config.Environment, variable => variable.StartsWith("PATH=/own:/usr/local/sbin", StringComparison.Ordinal));
        Assert.Equal(("1", "d e"), (config.Labels["a"], config.Labels["b c"]));
        Assert.Equal(["80/tcp", "8000/udp", "8001/udp"], config.ExposedPorts);
        Assert.Equal(["/data", "/more"], config.Volumes);
        Assert.Equal(("/one/two", "1000:1000", "SIGQUIT"), (config.WorkingDirectory, config.User, config.StopSignal));
        Assert.Equal(["/bin/echo"], config.Entrypoint);
        Assert.Equal(["/bin/sh", "-c", "echo $GREETING"], config.Command);
        Assert.Equal("/bin/sh -c #(nop)  USER 1000:1000", image.History[^4].CreatedBy);
        Assert.Equal(2, image.History.Count(step => !step.EmptyLayer) - 1);
    }

    private static readonly EnumerationOptions s_everywhere = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    [Fact]
    public async Task Build_WithRunAndCopy_MakesTheFilesAndNothingElse()
    {
        await using var host = await BuildHost.StartAsync();
        var image = await host.BuildAsync(
            """
            FROM busybox
            RUN echo from run > /made && echo seen
            COPY a.txt /copied
            COPY folder/ /target/
            COPY --chown=5:6 --chmod=640 a.txt folder/x /new/place/
            RUN <<EOF
            set -e
            cat /copied > /both
            cat /made >> /both
            EOF
            """,
            ("a.txt", "content\n"), ("folder/x", "x\n"), ("folder/sub/y", "y\n"), ("folder/link", "->sub/y"));

        Assert.Contains("seen", host.Output);
        Assert.Equal("content\nfrom run\n", await host.RunAsync(image, "cat /both"));
        Assert.Equal(
            "0:0 644\n0:0 644\n5:6 640\ny\nsub/y\n",
            await host.RunAsync(image, "stat -c '%u:%g %a' /copied /target/x /new/place/x; cat /target/link; readlink /target/link"));
        Assert.Empty(Directory.GetFiles(host.Engine.Instance.DataRoot, ".dockerenv", s_everywhere));
        Assert.Empty(await host.Engine.Containers.ListAsync());
    }

    [Fact]
    public async Task Build_OfStages_RunsOnlyWhatTheTargetNeeds()
    {
        await using var host = await BuildHost.StartAsync();
        var image = await host.BuildAsync("""
            FROM busybox AS unneeded
            RUN echo unneeded-ran && false
            FROM busybox AS one
            RUN echo one > /one
            FROM busybox AS two
            RUN echo two > /two
            FROM scratch
            COPY --from=one /one /
            COPY --from=two /two /
            COPY --from=busybox /bin/busybox /bin/sh
            """);

        Assert.DoesNotContain("unneeded-ran", host.Output);
        Assert.Equal("one\ntwo\n", await host.RunAsync(image, "while read l; do echo $l; done < /one; while read l; do echo $l; done < /two"));
        var failure = await Assert.ThrowsAnyAsync<EngineException>(() => host.BuildAsync(
            new BuildRequest { Target = "nosuch" }, BuildHost.Context(("Dockerfile", "FROM busybox"))));
        Assert.Contains("failed to reach build target nosuch", failure.Message);
    }

    [Fact]
    public async Task Build_Again_IsTheSameImageFromTheCache()
    {
        await using var host = await BuildHost.StartAsync();
        (string, string)[] files = [("Dockerfile", "FROM busybox\nLABEL a=1\nCOPY a /a\nRUN cat /a\nCMD [\"x\"]"), ("a", "1"), ("unused", "1")];
        var request = new BuildRequest { NetworkMode = "none", Names = ["first:1"] };
        var first = await host.BuildAsync(request, BuildHost.Context(files));
        Assert.Empty(host.Cached);

        // Other times and other files that nothing copies change nothing, and a new engine knows the cache.
        await host.Engine.RestartAsync();
        files[2] = ("unused", "2");
        var again = await host.BuildAsync(request, BuildHost.Context(DateTimeOffset.UnixEpoch.AddYears(9), files));
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(4, host.Cached.Count);

        files[1] = ("a", "2");
        var changed = await host.BuildAsync(request, BuildHost.Context(files));
        Assert.Equal(["LABEL a=1"], host.Cached);
        Assert.NotEqual(first.Id, changed.Id);

        await host.BuildAsync(request with { NoCache = true }, BuildHost.Context(files));
        Assert.Empty(host.Cached);
    }

    [Fact]
    public async Task PruneCache_ForgetsStepsAndRemovesTheirLayers()
    {
        await using var host = await BuildHost.StartAsync();
        const string File = "FROM busybox\nRUN head -c 100000 /dev/zero > /big";
        var image = await host.BuildAsync(File);
        await host.Engine.Images.RemoveAsync(image.Id);
        Assert.Contains(host.Builder.ListCache(), entry => entry.Size >= 100_000 && !entry.InUse);

        var kept = await host.Builder.PruneCacheAsync(new BuildCachePruning { UnusedFor = TimeSpan.FromHours(1) });
        Assert.Empty(kept.Ids);
        var pruned = await host.Builder.PruneCacheAsync(new BuildCachePruning());

        Assert.True(pruned.FreedBytes >= 100_000);
        Assert.Empty(host.Builder.ListCache());
        await host.BuildAsync(File);
        Assert.Empty(host.Cached);
    }

    [Fact]
    public async Task Build_OfFailingStep_NamesCommandCodeFileAndLine()
    {
        await using var host = await BuildHost.StartAsync();
        var failure = await Assert.ThrowsAsync<BuildStepException>(() => host.BuildAsync("FROM busybox\n\nRUN echo told; exit 7"));

        Assert.Equal(7, failure.ExitCode);
        Assert.Equal("The command '/bin/sh -c echo told; exit 7' returned a non-zero code: 7 (Dockerfile:3)", failure.Message);
        Assert.Contains("told", host.Output);
        Assert.Empty(await host.Engine.Containers.ListAsync());
        var missing = await Assert.ThrowsAnyAsync<EngineException>(() => host.BuildAsync("FROM busybox\nCOPY nosuch /"));
        Assert.Contains("\"/nosuch\": not found", missing.Message);
        Assert.EndsWith("(Dockerfile:2)", missing.Message);
    }

    [Fact]
    public async Task Build_ThatIsCancelled_LeavesNoContainer()
    {
        await using var host = await BuildHost.StartAsync();
        using var stop = new CancellationTokenSource();
        var listener = host.Builder.BuildAsync(
            new BuildRequest { NetworkMode = "none" },
            new MemoryStream(BuildHost.Context(("Dockerfile", "FROM busybox\nRUN echo begun; sleep 1000"))),
            new StopOnOutput(stop),
            stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listener);
        Assert.Empty(await host.Engine.Containers.ListAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(host.Engine.Instance.DataRoot, "builds", "running")));
    }

    private sealed class StopOnOutput(CancellationTokenSource stop) : IProgress<BuildEvent>
    {
        public void Report(BuildEvent value)
        {
            if (value.Kind == BuildEventKind.Output)
            {
                stop.Cancel();
            }
        }
    }
}
