using Portal.Testing.Processes;

namespace Portal.Engine.Api.Tests.Cli.Create;

/// <summary>What the stock CLI's flags mean, looked at from inside.</summary>
[Collection(EngineCollection.Name)]
public abstract class CreateTestBase(EngineFixture engine)
{
    private protected EngineFixture Engine => engine;

    private protected DockerCli Docker => engine.Docker;

    private protected async Task<Box> BoxAsync(params string[] options)
    {
        return new Box(Docker, await Docker.GetAsync(["run", "--detach", .. options, "busybox", "sleep", "1000"]));
    }

    private protected async Task<string> RefusedAsync(params string[] options)
    {
        var result = await Docker.RunAsync(["create", .. options, "busybox", "true"]);
        Assert.True(result.ExitCode != 0, $"create {string.Join(' ', options)} was not refused: {result.Output}");
        return result.Error;
    }

    private protected static async Task<string> LinkAsync(string path) => (await Tool.RunAsync("readlink", path)).Trim();

    private protected sealed class Box(DockerCli docker, string id) : IAsyncDisposable
    {
        public string Id => id;

        public Task<string> ShellAsync(string script) => docker.GetAsync("exec", id, "sh", "-c", script);

        public Task<string> InspectAsync(string format) => docker.GetAsync("inspect", "--format", format, id);

        public async ValueTask DisposeAsync() => await docker.GetAsync("rm", "--force", "--volumes", id);
    }
}
