using Portal.Clients.Tests.Hosting;

namespace Portal.Clients.Tests;

/// <summary>Debian's docker-compose with a project of dependencies, a health check, networks and a volume.</summary>
public sealed class ComposeTests(AgentProcess agent) : IClassFixture<AgentProcess>
{
    [Fact]
    public async Task Project_FromUpToDown_WorksAsWithDocker()
    {
        await ComposeAsync("up", "--detach");
        await EventuallyAsync(async () => (await ComposeAsync("ps")).Contains("(healthy)", StringComparison.Ordinal), "the database is healthy");
        var port = (await ComposeAsync("port", "web", "80")).Trim().Split(':')[1];
        using var http = new HttpClient();
        await EventuallyAsync(async () => await TryGetAsync(http, port) == "hello\n", "the published port answers");

        Assert.Equal("hello\n", await ComposeAsync("exec", "-T", "worker", "wget", "-qO-", "http://web/"));
        Assert.Equal("ran hello\n", await ComposeAsync("run", "--rm", "web", "sh", "-c", "echo ran $GREETING"));
        await ComposeAsync("up", "--detach", "--scale", "worker=3");
        Assert.Equal(3, Lines(await ComposeAsync("ps", "--quiet", "worker")).Length);
        await EventuallyAsync(
            async () => (await ComposeAsync("logs", "--no-color", "worker")).Contains("worker_3", StringComparison.Ordinal), "all of them log");
        await ComposeAsync("pause", "web");
        await ComposeAsync("unpause", "web");
        await ComposeAsync("restart", "--timeout", "1", "web");
        await ComposeAsync("stop", "--timeout", "1");
        await ComposeAsync("down", "--volumes", "--timeout", "1");

        Assert.Empty(Lines(await DockerAsync("ps", "--all", "--quiet")));
        Assert.DoesNotContain("portaltest", await DockerAsync("network", "ls"), StringComparison.Ordinal);
        Assert.Empty(Lines(await DockerAsync("volume", "ls", "--quiet")));
    }

    [Fact]
    public async Task Up_ChangedService_IsRecreatedAndTheOthersStay()
    {
        var folder = Directory.CreateDirectory(Path.Combine(agent.Folder, "changed")).FullName;
        var file = Path.Combine(folder, "docker-compose.yml");
        const string Project = """
            version: "3.8"
            services:
              a: { image: busybox, command: sleep 1000, environment: { VALUE: "$VALUE" } }
              b: { image: busybox, command: sleep 1000 }
            """;
        await File.WriteAllTextAsync(file, Project.Replace("$VALUE", "1", StringComparison.Ordinal));
        await RunAsync(folder, "up", "--detach");
        var (a, b) = (await RunAsync(folder, "ps", "--quiet", "a"), await RunAsync(folder, "ps", "--quiet", "b"));

        await File.WriteAllTextAsync(file, Project.Replace("$VALUE", "2", StringComparison.Ordinal));
        await RunAsync(folder, "up", "--detach", "--timeout", "1");

        Assert.NotEqual(a, await RunAsync(folder, "ps", "--quiet", "a"));
        Assert.Equal(b, await RunAsync(folder, "ps", "--quiet", "b"));
        await RunAsync(folder, "down", "--timeout", "1");
    }

    private Task<string> ComposeAsync(params string[] arguments) => RunAsync(Path.Combine(AppContext.BaseDirectory, "compose"), arguments);

    private Task<string> RunAsync(string folder, params string[] arguments) =>
        agent.RunAsync(new Client("docker-compose", ["--project-name", "portaltest", .. arguments]) { Folder = folder });

    private Task<string> DockerAsync(params string[] arguments) => agent.RunAsync(new Client("docker", arguments));

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static Task EventuallyAsync(Func<Task<bool>> condition, string what) => Portal.Testing.Eventually.HoldsAsync(condition, what);

    private static async Task<string> TryGetAsync(HttpClient http, string port)
    {
        try
        {
            return await http.GetStringAsync($"http://127.0.0.1:{port}/");
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }
}
