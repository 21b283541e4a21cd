using System.Text.Json.Nodes;
using Portal.Engine.Api.Tests.Fakes;
using Portal.Engine.Api.Tests.Hosting;
using Portal.Engine.Containers;
using Portal.Testing;

namespace Portal.Engine.Api.Tests.Containers;

public sealed class ContainerSizeApiTests : DockerApiTest
{
    [Theory]
    [InlineData("/containers/json")]
    [InlineData("/containers/json?size=0")]
    [InlineData("/containers/json?size=false&all=1")]
    [InlineData("/containers/web/json")]
    [InlineData("/system/df?type=image&type=volume&type=build-cache")]
    public async Task AnyList_WithoutSizes_CountsNothing(string path)
    {
        Put("web", 'a', 5);

        var text = (await Host.GetJsonAsync(path)).ToJsonString();

        Assert.Empty(Host.Sizes.Asked);
        Assert.DoesNotContain("SizeR", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_WithSizes_CountsTheRowsAndLeavesZerosOutAsDockerDoes()
    {
        var web = Put("web", 'a', 5);
        var idle = Put("idle", 'b', 0);
        var gone = Put("gone", 'c', null);
        Put("stopped", 'd', 7, ContainerState.Exited);

        var rows = (await Host.GetJsonAsync("/containers/json?size=1")).AsArray();

        Assert.Equal([web, idle, gone], Host.Sizes.Asked);
        Assert.Equal([(5, 1005), (null, 1000), (null, null)], rows.Select(row => ((int?)row!["SizeRw"], (int?)row["SizeRootFs"])));
    }

    [Fact]
    public async Task Inspect_WithSizes_HasZerosTooAsDockerDoes()
    {
        Put("web", 'a', 5);
        Put("idle", 'b', 0);
        Put("gone", 'c', null);

        foreach (var (name, expected) in new[] { ("web", (5, 1005)), ("idle", (0, 1000)), ("gone", ((int?, int?))(null, null)) })
        {
            var json = await Host.GetJsonAsync($"/containers/{name}/json?size=true");
            Assert.Equal(expected, ((int?)json["SizeRw"], (int?)json["SizeRootFs"]));
        }
    }

    [Fact]
    public async Task Prune_StoppedContainers_TellsWhatTheyHadWritten()
    {
        Put("web", 'a', 1);
        var first = Put("first", 'b', 20, ContainerState.Exited);
        var second = Put("second", 'c', 300, ContainerState.Created);
        var unknown = Put("unknown", 'd', null, ContainerState.Dead);

        using var answer = await Host.PostAsync("/containers/prune");
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

        Assert.Equal([first, second, unknown], json["ContainersDeleted"]!.AsArray().Select(id => (string)id!));
        Assert.Equal(320, (int)json["SpaceReclaimed"]!);
        Assert.Equal("320", Assert.Single(Host.Engine.Events).Attributes["reclaimed"]);
    }

    [Fact]
    public async Task Prune_ContainerThatSomeoneStarted_IsNotFreed()
    {
        Put("first", 'b', 20, ContainerState.Exited);
        Host.Containers.Failure = Portal.Engine.Errors.EngineException.Conflict("it runs");

        using var answer = await Host.PostAsync("/containers/prune");
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

        Assert.Empty(json["ContainersDeleted"]!.AsArray());
        Assert.Equal(0, (int)json["SpaceReclaimed"]!);
    }

    [Fact]
    public async Task DiskUsage_OfContainers_HasTheSizesOfAll()
    {
        Put("web", 'a', 5);
        Put("stopped", 'b', 7, ContainerState.Exited);

        var all = await Host.GetJsonAsync("/system/df");
        var some = await Host.GetJsonAsync("/system/df?type=container");

        foreach (var json in new[] { all, some })
        {
            var rows = json["Containers"]!.AsArray();
            Assert.Equal([(5, 1005), (7, 1007)], rows.Select(row => ((int)row!["SizeRw"]!, (int)row["SizeRootFs"]!)));
        }

        Assert.Null(some["Images"]);
        Assert.Equal(0, (int)some["LayersSize"]!);
    }

    [Fact]
    public async Task DiskUsage_UnknownType_IsRefused()
    {
        Assert.Equal(
            (400, "unknown object type: planet"),
            await ReadErrorAsync(await Host.Client.GetAsync(new Uri("/system/df?type=image&type=planet", UriKind.Relative))));
    }

    [Theory]
    [InlineData("/containers/json?size=1")]
    [InlineData("/containers/web/json?size=1")]
    [InlineData("/system/df")]
    public async Task Sizes_ClientThatLeaves_StopsTheWalk(string path)
    {
        Put("web", 'a', 5);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Host.Sizes.Walk = async token =>
        {
            using var told = token.Register(stopped.SetResult);
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        using var leave = new CancellationTokenSource();
        var request = Host.Client.GetAsync(new Uri(path, UriKind.Relative), leave.Token);
        await begun.Task.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(20)));

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await stopped.Task.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(20)));
    }

    private string Put(string name, char digit, long? written, ContainerState state = ContainerState.Running)
    {
        var container = FakeContainers.Describe(name, digit, state);
        Host.Containers.All.Add(container);
        if (written is { } bytes)
        {
            Host.Sizes.Written[container.Id] = bytes;
        }

        return container.Id;
    }
}
