namespace Portal.Engine.Api.Tests.Cli;

[Collection(EngineCollection.Name)]
public sealed class EngineTests(EngineFixture engine)
{
    private DockerCli Docker => engine.Docker;

    [Fact]
    public async Task Version_OfBothSides_IsNegotiated()
    {
        Assert.Equal("1.47 Portal linux", await Docker.GetAsync("version", "--format", "{{.Client.APIVersion}} {{.Server.Platform.Name}} {{.Server.Os}}"));
    }

    [Fact]
    public async Task Info_OfTheEngine_HasNoErrors()
    {
        var info = await Docker.GetAsync("info", "--format", "{{.Driver}} {{.Swarm.LocalNodeState}} {{.DockerRootDir}} {{.ServerErrors}}");

        Assert.Equal($"overlay2 inactive {engine.Instance.DataRoot} []", info);
    }

    [Fact]
    public async Task Lists_WithoutMuchInThem_AreEmptyAndNoErrors()
    {
        Assert.Contains("busybox:latest", await Docker.GetAsync("images", "--format", "{{.Repository}}:{{.Tag}}"));
        Assert.Equal("", await Docker.GetAsync("volume", "ls", "--quiet", "--filter", "name=no-such-volume"));
        Assert.Contains("bridge", await Docker.GetAsync("network", "ls", "--format", "{{.Name}}"));
        Assert.Contains("Images", await Docker.GetAsync("system", "df"));
    }

    [Fact]
    public async Task Swarm_Commands_SayThatThereIsNone()
    {
        var result = await Docker.RunAsync("service", "ls");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("not a swarm manager", result.Error);
    }
}
