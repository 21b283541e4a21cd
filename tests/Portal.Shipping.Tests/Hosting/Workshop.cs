using System.Text.Json;
using Portal.Agent.Hosting;
using Portal.Testing;
using Portal.Testing.Agents;
using Portal.Testing.Images;
using Portal.Testing.Processes;

namespace Portal.Shipping.Tests.Hosting;

/// <summary>
/// An engine in which the hosts of the tests live, as containers that run systemd. <c>./portal test shipping</c> makes their root file
/// system and the release, and says in the environment where they are.
/// </summary>
public sealed class Workshop : IAsyncLifetime
{
    /// <summary>Debian with systemd and all that an agent needs.</summary>
    public const string HostImage = "portal-test-host";

    private RealAgent? _agent;
    private int _hosts;

    /// <summary>The folder of what is shipped: <c>web</c>, <c>agent</c>, <c>downloads</c>.</summary>
    public static string Release => Setting("PORTAL_TEST_RELEASE");

    /// <summary>The folder of the Debian packages.</summary>
    public static string Packages => Setting("PORTAL_TEST_PACKAGES");

    /// <summary>The folder of the sources.</summary>
    public static string Sources => Setting("PORTAL_TEST_SOURCES");

    /// <summary>What the portal gives to hosts of this architecture.</summary>
    public static string AgentArchive => Directory.GetFiles(Path.Combine(Release, "downloads"), "portal-agent-*.tar.gz").Single();

    public TestInstance Instance => Agent.Instance;

    /// <summary>For programs that speak to the engine.</summary>
    public string DockerHost => $"unix://{Path.Combine(Instance.RunRoot, "docker.sock")}";

    private RealAgent Agent => _agent ?? throw new InvalidOperationException("The engine was not started.");

    public async Task InitializeAsync()
    {
        var instance = new TestInstance();
        _agent = new RealAgent(instance, new AgentPaths(instance.DataRoot, instance.RunRoot).InstanceName);
        await Disposal.UnlessBegunAsync(BeginAsync, () => _agent.DisposeAsync().AsTask());
    }

    public async Task DisposeAsync()
    {
        try
        {
            var ids = (await DockerAsync("ps", "--all", "--quiet")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (ids.Length > 0)
            {
                await DockerAsync(["rm", "--force", "--volumes", .. ids]);
            }
        }
        finally
        {
            await Agent.DisposeAsync();
        }
    }

    /// <summary>A host that has booted and has nothing of the portal.</summary>
    public async Task<TestHost> StartHostAsync()
    {
        var name = $"host{Interlocked.Increment(ref _hosts)}";

        // The data of an engine can't lie on overlayfs, as the container's own files do.
        await DockerAsync(
            "run", "--detach", "--name", name, "--hostname", name, "--privileged", "--cgroupns", "private",
            "--tmpfs", "/run", "--tmpfs", "/tmp",
            "--env", "container=docker", "--stop-signal", "RTMIN+3", "--volume", "/var/lib", HostImage, "/lib/systemd/systemd");
        var host = new TestHost(this, name);
        try
        {
            await Eventually.HoldsAsync(
                async () => (await host.TryAsync("systemctl", "is-system-running")).Output.Trim() == "running", "the host has booted");
        }
        catch (TimeoutException late)
        {
            // "degraded" says that a unit failed, "starting" that a job hangs.
            var state = await host.TryAsync("systemctl", "is-system-running");
            var jobs = await host.TryAsync("systemctl", "list-jobs", "--no-legend");
            var failed = await host.TryAsync("journalctl", "--no-pager", "--priority", "warning", "--lines", "20");
            throw new TimeoutException($"{late.Message} It is '{state.Output.Trim()}'. Jobs:\n{jobs.Output}\nJournal:\n{failed.Output}", late);
        }

        return host;
    }

    /// <summary>Where hosts reach this machine.</summary>
    public async Task<string> FindGatewayAsync()
    {
        using var network = JsonDocument.Parse(await DockerAsync("network", "inspect", "bridge"));
        return network.RootElement[0].GetProperty("IPAM").GetProperty("Config")[0].GetProperty("Gateway").GetString()!;
    }

    internal async Task<string> DockerAsync(params string[] arguments)
    {
        var result = await TryDockerAsync(arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException(
                $"'docker {string.Join(' ', arguments)}': {result.ExitCode}\n{result.Error}{result.Output}");
    }

    internal Task<ToolResult> TryDockerAsync(params string[] arguments) =>
        Tool.TryRunAsync("docker", ["--host", DockerHost, .. arguments]);

    private async Task BeginAsync()
    {
        await Agent.StartAsync();
        await DockerAsync("import", Setting("PORTAL_TEST_HOST_ROOT"), HostImage);
        await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("busybox.tar"));
    }

    private static string Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException(
            $"{name} is not set: these tests are run by './portal test shipping', which makes what they need.");
}
