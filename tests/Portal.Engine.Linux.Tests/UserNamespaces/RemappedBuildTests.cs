using Portal.Engine.Builds;
using Portal.Engine.Linux.Tests.Builds.Execution;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.UserNamespaces;

/// <summary>Builds whose steps have ids of their own: what is mounted into them belongs to whom it says, inside and on the disk.</summary>
public sealed class RemappedBuildTests
{
    private const string Dockerfile = """
        FROM busybox AS tools
        RUN mkdir /tools && echo tool > /tools/tool && chown 7:8 /tools/tool
        FROM busybox
        RUN --mount=type=cache,target=/c,uid=5,gid=6 stat -c %u:%g /c > /seen; touch /c/made; chown 9:10 /c/made
        RUN --mount=type=cache,target=/c stat -c %u:%g /c/made >> /seen; echo again > /c/made
        RUN --mount=type=bind,from=tools,source=/tools,target=/t stat -c %u:%g /t/tool >> /seen; touch /t/x 2>> /refused || true
        RUN --mount=type=bind,from=tools,source=/tools,target=/t,rw echo new > /t/tool; stat -c %u:%g /t/tool >> /seen
        RUN --mount=type=bind,source=file,target=/f cat /f >> /seen; stat -c %u:%g /f >> /seen
        RUN --mount=type=secret,id=s,uid=3,gid=4 stat -c %u:%g:%a /run/secrets/s >> /seen; cat /run/secrets/s >> /seen
        RUN --mount=type=tmpfs,target=/m touch /m/x; stat -c %u:%g /m/x >> /seen
        RUN <<EOF
        #!/bin/sh
        stat -c %u:%g $0 >> /seen
        EOF
        """;

    [Fact]
    public async Task Build_Mounts_BelongToTheStepsOwnIds()
    {
        await using var host = await StartAsync();
        var request = new BuildRequest
        {
            NetworkMode = "none", Secrets = new Dictionary<string, ReadOnlyMemory<byte>> { ["s"] = "secret\n"u8.ToArray() },
        };
        var image = await host.BuildAsync(request, BuildHost.Context(("Dockerfile", Dockerfile), ("file", "content\n")));

        Assert.Equal(
            "5:6\n9:10\n7:8\n7:8\ncontent\n0:0\n3:4:400\nsecret\n0:0\n0:0\n", await host.RunAsync(image, "cat /seen"));
        Assert.Contains("Read-only file system", await host.RunAsync(image, "cat /refused"), StringComparison.Ordinal);

        // On the disk a cache has the ids that steps see, and nothing of it is mounted any more.
        var cache = Assert.Single(Directory.GetDirectories(Path.Combine(host.Engine.Instance.DataRoot, "builds", "mounts")));
        Assert.Equal("9:10\n", await Tool.RunAsync("stat", "--format", "%u:%g", Path.Combine(cache, "made")));
        Assert.Equal("again\n", await File.ReadAllTextAsync(Path.Combine(cache, "made")));
        Assert.Empty(Directory.GetDirectories(Path.Combine(host.Engine.Instance.RunRoot, "build-mounts")));
    }

    [Fact]
    public async Task Start_WhatAKilledEngineLeftMounted_IsTakenAwayAndNothingInIt()
    {
        await using var host = await StartAsync();
        await host.BuildAsync("FROM busybox\nRUN --mount=type=cache,target=/c echo kept > /c/kept");
        var cache = Assert.Single(Directory.GetDirectories(Path.Combine(host.Engine.Instance.DataRoot, "builds", "mounts")));
        await host.Engine.EndAsync();
        var place = Directory.CreateDirectory(Path.Combine(host.Engine.Instance.RunRoot, "build-mounts", "left")).FullName;
        await Tool.RunAsync("mount", "--bind", cache, place);

        await host.Engine.BeginAsync();

        Assert.False(Directory.Exists(place));
        Assert.Equal("kept\n", await File.ReadAllTextAsync(Path.Combine(cache, "kept")));
    }

    private static async Task<BuildHost> StartAsync()
    {
        var instance = new TestInstance();
        foreach (var file in new[] { "subuid", "subgid" })
        {
            await File.WriteAllTextAsync(instance.TempPath(file), $"tester:{MappedEngineFixture.Base}:65536\n");
        }

        return await BuildHost.StartAsync(
            instance, options => options with { UsernsRemap = "tester", SubordinateIdFolder = instance.TempRoot });
    }
}
