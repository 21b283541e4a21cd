using System.Globalization;

namespace Portal.Engine.Api.Tests.Cli;

/// <summary>Commands of the docker CLI that the other suites have no use for.</summary>
[Collection(EngineCollection.Name)]
public sealed class CliCommandTests(EngineFixture engine)
{
    private DockerCli Docker => engine.Docker;

    [Fact]
    public async Task Prune_OfEverything_TakesWhatIsUnused()
    {
        const string mark = "portal.test=cli-prune";
        var gone = await Docker.GetAsync("create", "--label", mark, "busybox", "true");
        var kept = await Docker.GetAsync("run", "--detach", "--label", mark, "busybox", "sleep", "1000");
        await Docker.GetAsync("network", "create", "--label", mark, "cli-prune");

        Assert.Contains(gone, await PruneAsync("container"), StringComparison.Ordinal);
        Assert.Contains("cli-prune", await PruneAsync("network"), StringComparison.Ordinal);
        await Docker.GetAsync("network", "create", "--label", mark, "cli-prune");
        Assert.Contains("cli-prune", await PruneAsync("system"), StringComparison.Ordinal);

        Assert.Equal(kept[..12], await Docker.GetAsync("ps", "--all", "--quiet", "--filter", $"label={mark}"));
        await Docker.GetAsync("rm", "--force", kept);

        Task<string> PruneAsync(string what) => Docker.GetAsync(what, "prune", "--force", "--filter", $"label={mark}");
    }

    [Fact]
    public async Task Sizes_OfAContainer_AreToldByPsInspectDiskUsageAndPrune()
    {
        const string mark = "portal.test=cli-sizes";
        const string script = "head -c 12345 /dev/zero > /new; ln /new /same";
        var image = long.Parse(await Docker.GetAsync("image", "inspect", "--format", "{{.Size}}", "busybox"), CultureInfo.InvariantCulture);
        await Docker.GetAsync("run", "--name", "cli-sizes", "--label", mark, "busybox", "sh", "-c", script);

        Assert.Matches(
            @"^12\.3\d?kB \(virtual \d+(\.\d+)?MB\)$",
            await Docker.GetAsync("ps", "--all", "--filter", $"label={mark}", "--size", "--format", "{{.Size}}"));
        Assert.Equal(
            $"12345 {12345 + image}", await Docker.GetAsync("inspect", "--size", "--format", "{{.SizeRw}} {{.SizeRootFs}}", "cli-sizes"));
        var rows = (await Docker.GetAsync("system", "df", "--verbose")).Split('\n');
        Assert.Matches(@" 12\.3\d?kB ", Assert.Single(rows, row => row.TrimEnd().EndsWith(" cli-sizes", StringComparison.Ordinal)));
        var pruned = await Docker.GetAsync("container", "prune", "--force", "--filter", $"label={mark}");
        Assert.Matches(@"Total reclaimed space: 12\.3\d?kB", pruned);
    }

    [Fact]
    public async Task Plugins_OfAnEngineWithoutAny_AreNone()
    {
        Assert.Equal("", await Docker.GetAsync("plugin", "ls", "--quiet"));
        var inspected = await Docker.RunAsync("plugin", "inspect", "none/such");
        Assert.Equal(1, inspected.ExitCode);
        Assert.Contains("not found", inspected.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("node", "ls")]
    [InlineData("config", "ls")]
    [InlineData("secret", "ls")]
    [InlineData("stack", "ls")]
    [InlineData("service", "create", "busybox")]
    [InlineData("swarm", "leave")]
    [InlineData("swarm", "update", "--autolock")]
    [InlineData("swarm", "join-token", "worker")]
    [InlineData("swarm", "unlock-key")]
    public async Task Swarm_Command_SaysThatThereIsNone(params string[] command)
    {
        var result = await Docker.RunAsync(command);

        Assert.Equal(1, result.ExitCode);
        Assert.Matches("not (a swarm manager|part of a swarm)", result.Error);
    }

    [Fact]
    public async Task Checkpoint_OfAnEngineWithoutThem_SaysSo()
    {
        var id = await Docker.GetAsync("run", "--detach", "busybox", "sleep", "1000");
        var result = await Docker.RunAsync("checkpoint", "create", id, "one");
        await Docker.GetAsync("rm", "--force", id);

        Assert.NotEqual(0, result.ExitCode);
        Assert.NotEmpty(result.Error);
    }
}
