using Portal.Agent.Hosting;
using Portal.Shipping.Tests.Hosting;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Shipping.Tests;

/// <summary>The whole product from the file at the root, in images that our own builder made, on our own engine.</summary>
public sealed class ComposeFileTests(Workshop workshop) : IClassFixture<Workshop>
{
    private readonly string _port = $"{FreePort.Find()}";

    // The agent is this machine's, not the container's: its folders are here.
    private string Data => Path.Combine(workshop.Instance.DataRoot, "product");

    private string Run => Path.Combine(workshop.Instance.RunRoot, "product");

    [Fact]
    public async Task Product_UpRestartDownAndUpAgain_KeepsItsDataAndItsContainers()
    {
        await BuildAsync();
        await ShareAsync(Data);
        await ShareAsync(Run);
        workshop.Instance.AlsoNamed(new AgentPaths(Data, Run).InstanceName);

        await ComposeAsync("up", "--detach");
        await AwaitProductAsync();
        Assert.Contains("Sign in", await GetAsync("/sign-in"), StringComparison.Ordinal);
        await InnerAsync("load", "--input", workshop.Instance.TempPath("busybox.tar"));
        await InnerAsync("run", "--detach", "--name", "one", "--volume", "kept:/kept", "busybox", "sleep", "100000");
        await InnerAsync("exec", "one", "sh", "-c", "echo here >/kept/file");
        var process = await InnerAsync("inspect", "--format", "{{.State.Pid}}", "one");
        var node = await File.ReadAllTextAsync(Path.Combine(Data, "agent", "identity.json"));

        await ComposeAsync("restart", "--timeout", "20");
        await AwaitProductAsync();
        Assert.Equal(process, await InnerAsync("inspect", "--format", "{{.State.Pid}}", "one"));

        await ComposeAsync("down", "--timeout", "20");
        Assert.True(Directory.Exists($"/proc/{process.Trim()}"), "the container of the agent runs on");
        await ComposeAsync("up", "--detach");
        await AwaitProductAsync();
        Assert.Equal(process, await InnerAsync("inspect", "--format", "{{.State.Pid}}", "one"));
        Assert.Equal("here\n", await InnerAsync("exec", "one", "cat", "/kept/file"));
        Assert.Equal(node, await File.ReadAllTextAsync(Path.Combine(Data, "agent", "identity.json")));
        Assert.Equal("1 1", await QueryAsync("select count(*) || ' ' || (select count(*) from users) from nodes"));

        await InnerAsync("rm", "--force", "--volumes", "one");
        await ComposeAsync("down", "--volumes", "--timeout", "20");
        Assert.Equal("", await workshop.DockerAsync("ps", "--all", "--quiet"));
    }

    private async Task BuildAsync()
    {
        foreach (var image in (string[])["portal", "portal-agent", "portal-postgres"])
        {
            var folder = workshop.Instance.TempPath(image);
            await Tool.RunAsync(
                "bash", "-c",
                """set -e; PORTAL_HOME=$1; . "$1/scripts/lib.sh"; . "$1/scripts/image_contexts.sh"; image_context "$2" "$3" "$4" """,
                "context", Workshop.Sources, image, folder, Workshop.Release);
            await workshop.DockerAsync("build", "--quiet", "--build-arg", $"BASE={Workshop.HostImage}", "--tag", image, folder);
        }
    }

    // As systemd has all of a host's; not every machine of tests does.
    private async Task ShareAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        await Tool.RunAsync("mount", "--bind", folder, folder);
        await Tool.RunAsync("mount", "--make-shared", folder);
        workshop.Instance.OnDispose(() => Tool.RunAsync("umount", "--recursive", "--lazy", folder));
    }

    private async Task AwaitProductAsync()
    {
        await Eventually.HoldsAsync(async () => await GetAsync("/readyz") == "ready\n", "the portal answers");
        await Eventually.HoldsAsync(
            async () => (await TryComposeAsync("exec", "-T", "agent", "portal-agent", "status", "--quiet")).ExitCode == 0,
            "the node is online");
    }

    private async Task<string> GetAsync(string path)
    {
        try
        {
            using var http = new HttpClient();
            return await http.GetStringAsync(new Uri($"http://127.0.0.1:{_port}{path}"));
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }

    private async Task<string> QueryAsync(string query) => (await ComposeAsync(
        "exec", "-T", "database", "sh", "-c",
        "PGPASSWORD=$POSTGRES_PASSWORD psql -h 127.0.0.1 -U portal -At -c \"$1\"", "query", query)).Trim();

    private async Task<string> InnerAsync(params string[] arguments) =>
        await Tool.RunAsync("docker", ["--host", $"unix://{Run}/docker.sock", .. arguments]);

    private async Task<string> ComposeAsync(params string[] arguments)
    {
        var result = await TryComposeAsync(arguments);
        Assert.True(
            result.ExitCode == 0, $"docker-compose {string.Join(' ', arguments)}: {result.ExitCode}\n{result.Error}{result.Output}");
        return result.Output;
    }

    private Task<ToolResult> TryComposeAsync(params string[] arguments) => Tool.TryRunAsync(
        "env",
        [
            $"DOCKER_HOST={workshop.DockerHost}", "PORTAL_DB_PASSWORD=correcthorse", "PORTAL_ADMIN_PASSWORD=correct-horse-battery",
            $"PORTAL_PORT={_port}", $"PORTAL_DATA={Data}", $"PORTAL_RUN={Run}", "PORTAL_POSTGRES_IMAGE=portal-postgres",
            "docker-compose", "--project-name", "shipping", "--file", Path.Combine(Workshop.Sources, "docker-compose.yml"), .. arguments,
        ]);
}
