using Portal.Engine.Builds;
using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Tests.Builds.Execution;

/// <summary>The holes that other builders had in their mounts.</summary>
public sealed class MountSafetyTests
{
    [Fact]
    public async Task Cache_WithAPathInIt_IsNeverAPathThatAnotherStepMadeALink()
    {
        // CVE-2024-23651: two steps that share a cache raced: one put a link where the other mounted a path within it.
        await using var host = await BuildHost.StartAsync();
        var victim = Directory.CreateDirectory(host.Engine.Instance.TempPath("victim")).FullName;
        var attack = $"FROM busybox\nRUN --mount=type=cache,id=c,target=/c rm -rf /c/sub; ln -s {victim} /c/sub; ls -l /c";
        const string Use = "FROM busybox\nRUN --mount=type=cache,id=c,source=sub,target=/s touch /s/owned 2> /dev/null; true";
        await host.BuildAsync(attack);
        await Record.ExceptionAsync(() => host.BuildAsync(Use));

        Assert.Empty(Directory.EnumerateFileSystemEntries(victim));
        foreach (var round in Enumerable.Range(0, 5))
        {
            var turns = $"for i in 1 2 3 4 5 6 7 8 9; do rm -rf /c/sub; mkdir /c/sub; rm -rf /c/sub; ln -s {victim} /c/sub; done";
            var swap = $"FROM busybox\nRUN --mount=type=cache,id=c,target=/c {turns}; echo {round}";
            var request = new BuildRequest { NetworkMode = "none", NoCache = true };
            await Task.WhenAll(
                Quietly(host.Builder.BuildAsync(request, new MemoryStream(BuildHost.Context(("Dockerfile", swap))))),
                Quietly(host.Builder.BuildAsync(request, new MemoryStream(BuildHost.Context(("Dockerfile", Use))))));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(victim));
    }

    [Fact]
    public async Task Teardown_OfMountPointsThatBecameLinks_RemovesNothingOutside()
    {
        // CVE-2024-23652: empty mount points were removed after a step by paths that the step had made links to the host.
        await using var host = await BuildHost.StartAsync();
        var victim = Directory.CreateDirectory(host.Engine.Instance.TempPath("victim")).FullName;
        Directory.CreateDirectory(Path.Combine(victim, "empty"));
        await File.WriteAllTextAsync(Path.Combine(victim, "file"), "");
        await host.BuildAsync($"""
            FROM busybox
            RUN --mount=type=tmpfs,target=/a/empty --mount=type=cache,target=/b/empty mkdir /x && ln -s {victim} /x/way
            RUN --mount=type=tmpfs,target=/x/way/empty true
            RUN --mount=type=bind,source=f,target=/x/way/file true
            RUN rm -rf /x && ln -s {victim} /a2
            RUN --mount=type=tmpfs,target=/a2/empty true
            """, ("f", "content"));

        Assert.True(Directory.Exists(Path.Combine(victim, "empty")));
        Assert.True(File.Exists(Path.Combine(victim, "file")));
    }

    [Theory]
    [InlineData("RUN --security=insecure cat /proc/1/status")]
    [InlineData("ONBUILD RUN --security=insecure true")]
    [InlineData("RUN --network=host true")]
    public async Task Entitlements_OfADockerfile_AreNeverGranted(string line)
    {
        // CVE-2024-23653: a build got a privileged container without the entitlement for it.
        await using var host = await BuildHost.StartAsync();
        var request = new BuildRequest { NetworkMode = "none", Names = ["onbuild"] };
        var failure = await Record.ExceptionAsync(async () =>
        {
            await host.BuildAsync(request, BuildHost.Context(("Dockerfile", $"FROM busybox\n{line}")));
            await host.BuildAsync("FROM onbuild");
        });

        Assert.Contains("not allowed", Assert.IsAssignableFrom<EngineException>(failure).Message.Replace("is allowed for", "not allowed"));
        await host.BuildAsync("FROM busybox\nRUN --security=sandbox grep CapEff /proc/self/status; grep Seccomp: /proc/self/status");
        Assert.DoesNotContain("ffffffffff", host.Output);
    }

    [Fact]
    public async Task Caches_LockedInOppositeOrder_DoNotWaitForEachOtherForEver()
    {
        await using var host = await BuildHost.StartAsync();
        string[] files =
        [
            "FROM busybox\nRUN --mount=type=cache,id=a,target=/a,sharing=locked --mount=type=cache,id=b,target=/b,sharing=locked sleep 0.2",
            "FROM busybox\nRUN --mount=type=cache,id=b,target=/b,sharing=locked --mount=type=cache,id=a,target=/a,sharing=locked sleep 0.2",
        ];
        var request = new BuildRequest { NetworkMode = "none", NoCache = true };
        var builds = Enumerable.Range(0, 8).Select(number =>
            host.Builder.BuildAsync(request, new MemoryStream(BuildHost.Context(("Dockerfile", files[number % 2])))));

        Assert.Equal(8, (await Task.WhenAll(builds)).Length);
    }

    private static async Task Quietly(Task build) => await build.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
