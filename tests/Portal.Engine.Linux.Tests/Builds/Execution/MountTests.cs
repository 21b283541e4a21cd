using Portal.Engine.Builds;
using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Tests.Builds.Execution;

public sealed class MountTests
{
    [Fact]
    public async Task Run_WithCacheMount_KeepsFilesBetweenBuildsAndOutOfTheImage()
    {
        await using var host = await BuildHost.StartAsync();
        var first = await host.BuildAsync("FROM busybox\nRUN --mount=type=cache,target=/c,mode=0700 echo kept > /c/file; stat -c %a /c");
        Assert.Contains("700", host.Output);
        await host.BuildAsync("FROM busybox\nRUN --mount=type=cache,target=/c cat /c/file && echo second");
        Assert.Contains("kept", host.Output);

        Assert.Equal("", await host.RunAsync(first, "ls -d /c 2> /dev/null"));
        Assert.Contains(host.Builder.ListCache(), entry => entry.Kind == "exec.cachemount" && !entry.InUse);
        await host.Builder.PruneCacheAsync(new BuildCachePruning());
        Assert.Empty(host.Builder.ListCache());
    }

    [Fact]
    public async Task Run_WithBindMounts_SeesContextAndStagesAndChangesNeither()
    {
        await using var host = await BuildHost.StartAsync();
        const string File = """
            FROM busybox AS other
            RUN mkdir /d && echo from-stage > /d/f
            FROM busybox
            RUN --mount=type=bind,target=/ctx --mount=type=bind,from=other,source=/d,target=/stage,rw \
                cat /ctx/dir/a /stage/f > /seen; ! touch /ctx/new; touch /stage/new
            RUN --mount=from=other,source=d,target=/stage ls /stage
            """;
        var image = await host.BuildAsync(File, ("dir/a", "from-context\n"));

        Assert.Equal("from-context\nfrom-stage\n", await host.RunAsync(image, "cat /seen"));
        Assert.Equal("touch: /ctx/new: Read-only file system\nf\n", host.Output);
        await host.BuildAsync(File, ("dir/a", "changed\n"));
        Assert.DoesNotContain(host.Cached, step => step.Contains("/ctx", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WithSecret_SeesItAndLeavesNoTrace()
    {
        await using var host = await BuildHost.StartAsync();
        const string File = "FROM busybox\nRUN --mount=type=secret,id=key,required=true cat /run/secrets/key | wc -c";
        var secrets = new Dictionary<string, ReadOnlyMemory<byte>> { ["key"] = "hidden!"u8.ToArray() };
        var request = new BuildRequest { NetworkMode = "none", Secrets = secrets };
        var image = await host.BuildAsync(request, BuildHost.Context(("Dockerfile", File)));

        Assert.Contains("7", host.Output);
        Assert.Equal("", await host.RunAsync(image, "ls -d /run /run/secrets 2> /dev/null"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(host.Engine.Instance.RunRoot, "builds")));
        await host.Builder.PruneCacheAsync(new BuildCachePruning());
        var missing = await Assert.ThrowsAnyAsync<EngineException>(() => host.BuildAsync(File));
        Assert.Contains("secret key: not found", missing.Message);
        await host.BuildAsync("FROM busybox\nRUN --mount=type=secret,id=key --mount=type=ssh ls /run/secrets || echo none");
        Assert.Contains(host.Events, told => told.Kind == BuildEventKind.Warning && told.Text.Contains("secret 'key'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WithTmpfsAndNetworkAndScript_RunsAsAsked()
    {
        await using var host = await BuildHost.StartAsync();
        var image = await host.BuildAsync("""
            FROM busybox
            ARG WHO=me
            RUN --mount=type=tmpfs,target=/t,size=1m touch /t/x && mount | grep ' /t '
            RUN --network=none ls /sys/class/net
            RUN <<EOF
            #!/bin/sh
            echo script $0 $WHO > /out
            EOF
            SHELL ["/bin/sh", "-ec"]
            RUN false; touch /never || true
            """.Replace("RUN false; touch /never || true", "RUN if false; then touch /never; fi"));

        Assert.Contains("size=1024k", host.Output);
        Assert.Equal("script /dev/pipes/EOF me\n", await host.RunAsync(image, "cat /out"));
        Assert.Equal("", await host.RunAsync(image, "ls -d /t /dev/pipes 2> /dev/null"));
    }

    [Theory]
    [InlineData("RUN --security=insecure true", "security.insecure is not allowed")]
    [InlineData("RUN --network=host true", "host's network")]
    [InlineData("RUN --mount=type=bind,source=../../../etc,target=/x ls /x", "is not there")]
    [InlineData("RUN --mount=type=bind,source=out,target=/x ls /x", "is not there")]
    [InlineData("RUN --mount=type=bnid,target=/x true", "did you mean bind?")]
    [InlineData("RUN --mount=type=cache true", "has no target")]
    [InlineData("RUN --mount=type=tmpfs,target=/ true", "destination can't be '/'")]
    public async Task Run_WhatIsNotAllowed_IsRefused(string line, string expected)
    {
        await using var host = await BuildHost.StartAsync();
        var failure = await Assert.ThrowsAnyAsync<EngineException>(() => host.BuildAsync($"FROM busybox\n{line}", ("out", "->/etc")));
        Assert.Contains(expected, failure.Message);
        Assert.Contains("Dockerfile:2", failure.Message);
    }

    [Fact]
    public async Task Run_ThatReplacesAMountPointByALink_TouchesNothingOutside()
    {
        // CVE-2024-23652: what is cleaned up after a step must not follow a link that the step put in a mount's place.
        await using var host = await BuildHost.StartAsync();
        var victim = Directory.CreateDirectory(host.Engine.Instance.TempPath("victim")).FullName;
        var image = await host.BuildAsync($"""
            FROM busybox
            RUN --mount=type=cache,target=/m/deep/c mkdir /m2 && ln -s {victim} /m2/deep && true
            RUN --mount=type=cache,target=/m2/deep/c touch /m2/deep/c/file
            """);

        Assert.Empty(Directory.EnumerateFileSystemEntries(victim));
        Assert.Equal($"{victim}\n", await host.RunAsync(image, "readlink /m2/deep"));
        Assert.Equal("", await host.RunAsync(image, "ls -d /m 2> /dev/null"));
    }

    [Fact]
    public async Task Engine_ThatStartsAgain_RemovesContainersOfBuilds()
    {
        await using var host = await BuildHost.StartAsync();
        var id = await host.Engine.RunAsync("sleep 1000", spec => spec with
        {
            NetworkMode = "none", Labels = new Dictionary<string, string> { ["portal.build"] = "0123456789ab" },
        });
        var other = await host.Engine.RunAsync("sleep 1000", spec => spec with { NetworkMode = "none" });

        await host.Engine.RestartAsync();

        Assert.Equal(other, Assert.Single(await host.Engine.Containers.ListAsync()).Id);
        Assert.NotEqual(other, id);
    }

    [Fact]
    public async Task Build_OnAnImageWithTriggers_RunsThemOnce()
    {
        await using var host = await BuildHost.StartAsync();
        await host.BuildAsync(
            new BuildRequest { Names = ["triggers"] },
            BuildHost.Context(("Dockerfile", "FROM busybox\nONBUILD COPY a /triggered\nONBUILD ENV SET=yes")));
        var image = await host.BuildAsync("FROM triggers", ("a", "by a trigger"));

        Assert.Equal("by a trigger yes", await host.RunAsync(image, "cat /triggered; echo -n \" $SET\""));
        Assert.Contains(host.Events, told => told.Text == "# Executing 2 build triggers");
        await host.BuildAsync(new BuildRequest { Names = ["child"] }, BuildHost.Context(("Dockerfile", "FROM triggers"), ("a", "x")));
        await host.BuildAsync("FROM child");
        Assert.DoesNotContain(host.Events, told => told.Text.Contains("trigger", StringComparison.Ordinal) && told.Kind == BuildEventKind.Note);
    }
}
