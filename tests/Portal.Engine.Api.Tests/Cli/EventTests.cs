using System.Text.Json.Nodes;

namespace Portal.Engine.Api.Tests.Cli;

/// <summary>Actors and attributes of events as dockerd has them: each expectation was read from its events in the same steps.</summary>
[Collection(EngineCollection.Name)]
public sealed class EventTests(EngineFixture engine) : IAsyncLifetime
{
    private readonly string _name = $"e{Guid.NewGuid():N}"[..12];
    private string _since = "";

    private DockerCli Docker => engine.Docker;

    public Task InitializeAsync()
    {
        _since = TimeProvider.System.GetUtcNow().ToString("O");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await Docker.RunAsync("rm", "--force", _name);
        await Docker.RunAsync("volume", "rm", "--force", _name);
        await Docker.RunAsync("rmi", "--force", $"{_name}:1", $"{_name}:2");
    }

    [Fact]
    public async Task Volumes_AreMountedWithTheStartAndUnmountedWithTheEnd()
    {
        await Docker.GetAsync("volume", "create", _name);
        await Docker.GetAsync("run", "--rm", "--name", _name, "--volume", $"{_name}:/data:ro", "busybox", "true");
        var id = (await ReadAsync("type=container", "event=create", $"container={_name}"))[0].Id;
        await Docker.GetAsync("volume", "rm", _name);

        Assert.Equal(
            [
                "create driver=local",
                $"mount container={id},destination=/data,driver=local,propagation=,read/write=false",
                $"unmount container={id},driver=local",
                "destroy driver=local",
            ],
            (await ReadAsync("type=volume", $"volume={_name}")).Select(item => $"{item.Action} {item.Attributes}"));
    }

    [Fact]
    public async Task Container_RemovedByForce_IsKilledAndNotStopped()
    {
        var id = await Docker.GetAsync("run", "--detach", "--name", _name, "--network", "none", "busybox", "sleep", "100");
        await Docker.GetAsync("exec", _name, "true");
        await Docker.GetAsync("exec", _name, "sh", "-c", "exit 0");
        await Docker.GetAsync("rm", "--force", _name);

        Assert.Equal(
            [
                "create", "start", "exec_create: true ", "exec_start: true ", "exec_die", "exec_create: sh -c exit 0",
                "exec_start: sh -c exit 0", "exec_die", "kill", "die", "destroy",
            ],
            (await ReadAsync("type=container", $"container={id}")).Select(item => item.Action));
    }

    [Fact]
    public async Task Images_HaveTheirOwnIdAsActorAndTheirLabels()
    {
        await Docker.GetAsync("create", "--name", _name, "--label", "team=core", "busybox");
        var id = await Docker.GetAsync("commit", _name, $"{_name}:1");
        await Docker.GetAsync("tag", $"{_name}:1", $"{_name}:2");
        await Docker.GetAsync("save", "--output", engine.Instance.TempPath(_name), $"{_name}:2");
        await Docker.GetAsync("rmi", $"{_name}:2");
        await Docker.GetAsync("rmi", $"{_name}:1");

        Assert.Equal(
            [
                $"tag name={_name}:1,team=core", $"tag name={_name}:2,team=core", $"save name={id},team=core",
                $"untag name={_name}:2,team=core", $"untag name={_name}:1,team=core", $"delete name={id},team=core",
            ],
            (await ReadAsync("type=image")).Where(item => item.Id == id).Select(item => $"{item.Action} {item.Attributes}"));
        var commit = Assert.Single(await ReadAsync("event=commit", $"container={_name}"));
        Assert.Equal($"comment=,image=busybox,imageID={id},imageRef={_name}:1,name={_name},team=core", commit.Attributes);
    }

    [Theory]
    [InlineData("container", "container")]
    [InlineData("image", "image")]
    [InlineData("network", "network")]
    [InlineData("volume", "volume")]
    [InlineData("builder", "builder")]
    public async Task Prune_OfAnything_TellsWhatItFreed(string what, string type)
    {
        await Docker.GetAsync(what, "prune", "--force", "--filter", what == "builder" ? "unused-for=10000h" : $"label={_name}");

        var told = Assert.Single(await ReadAsync($"type={type}", "event=prune"));
        Assert.Equal(("", "reclaimed=0"), (told.Id, told.Attributes));
    }

    private async Task<List<(string Action, string Id, string Attributes)>> ReadAsync(params string[] filters)
    {
        var arguments = filters.SelectMany(filter => new[] { "--filter", filter });
        var lines = await Docker.GetAsync(
            ["events", "--since", _since, "--until", "-1s", .. arguments, "--format", "{{json .}}"]);
        return
        [
            .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).Select(item => (
                (string)item["Action"]!,
                (string)item["Actor"]!["ID"]!,
                string.Join(',', item["Actor"]!["Attributes"]!.AsObject()
                    .Where(pair => pair.Key is not ("execID" or "execDuration"))
                    .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .Select(pair => $"{pair.Key}={pair.Value}")))),
        ];
    }
}
