using Portal.Shipping.Tests.Hosting;
using Portal.Testing;

namespace Portal.Shipping.Tests;

/// <summary>The agent as a service of a real systemd: whatever happens to the service, containers run on.</summary>
public sealed class UnitTests(Workshop workshop) : IClassFixture<Workshop>
{
    private const string Unit = "portal-agent.service";
    private const string Installer = "/root/install.sh";

    [Fact]
    public async Task Agent_StoppedKilledStuckAndRemoved_ContainersRunOnUntilItIsPurged()
    {
        await using var host = await workshop.StartHostAsync();
        var before = await host.ListFilesAsync();
        await host.CopyAsync(Path.Combine(Workshop.Release, "downloads", "install.sh"), "/root");
        await host.CopyAsync(Workshop.AgentArchive, "/root/agent.tar.gz");
        await host.RunAsync("sh", Installer, "--archive", "/root/agent.tar.gz");
        await host.StartContainerAsync("one");
        var process = await host.FindProcessAsync("one");
        Assert.DoesNotContain(Unit, await host.RunAsync("cat", $"/proc/{process}/cgroup"), StringComparison.Ordinal);

        await host.RunAsync("systemctl", "restart", Unit);
        await host.AwaitProcessAsync("one", process);
        await host.RunAsync("systemctl", "stop", Unit);
        await host.RunAsync("kill", "-0", process);
        await host.RunAsync("systemctl", "start", Unit);
        await host.AwaitProcessAsync("one", process);

        await host.RunAsync("systemctl", "kill", "--kill-whom=all", "--signal=KILL", Unit);
        await AwaitRestartsAsync(host, 1);
        await host.AwaitProcessAsync("one", process);

        await ShortenWatchdogAsync(host);
        await Task.Delay(TimeSpan.FromSeconds(5));
        Assert.Equal("0", await host.ShowAsync(Unit, "NRestarts"));
        await host.RunAsync("kill", "-STOP", await host.ShowAsync(Unit, "MainPID"));
        await AwaitRestartsAsync(host, 1);
        Assert.Contains("Watchdog timeout", await host.RunAsync("journalctl", "--unit", Unit, "--no-pager"), StringComparison.Ordinal);
        await host.AwaitProcessAsync("one", process);

        await host.RunAsync("rm", "-r", $"/etc/systemd/system/{Unit}.d");
        await host.RunAsync("sh", Installer, "--uninstall");
        await host.RunAsync("kill", "-0", process);
        Assert.NotEqual(0, (await host.TryAsync("systemctl", "cat", Unit)).ExitCode);
        await host.RunAsync("sh", Installer, "--archive", "/root/agent.tar.gz");
        await host.AwaitProcessAsync("one", process);

        await host.RunAsync("sh", Installer, "--uninstall", "--purge");
        Assert.NotEqual(0, (await host.TryAsync("kill", "-0", process)).ExitCode);
        await host.RunAsync("rm", Installer, "/root/agent.tar.gz", "/root/busybox.tar");
        Assert.Equal(before, await host.ListFilesAsync());
        Assert.Equal("", await host.RunAsync("find", "/sys/fs/cgroup", "-maxdepth", "2", "-name", "portal*"));
        Assert.DoesNotContain("portal", await host.RunAsync("ip", "link"), StringComparison.Ordinal);
        Assert.DoesNotContain("portal", await host.RunAsync("nft", "list", "tables"), StringComparison.Ordinal);
        Assert.DoesNotContain("/var/lib/portal", await host.RunAsync("cat", "/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    private static async Task ShortenWatchdogAsync(TestHost host)
    {
        await host.RunAsync("mkdir", "-p", $"/etc/systemd/system/{Unit}.d");
        await host.WriteAsync(
            $"/etc/systemd/system/{Unit}.d/watchdog.conf", "[Service]\nWatchdogSec=3\nTimeoutAbortSec=1\n");
        await host.RunAsync("systemctl", "daemon-reload");
        await host.RunAsync("systemctl", "restart", Unit);
    }

    private static Task AwaitRestartsAsync(TestHost host, int count) => Eventually.HoldsAsync(
        async () => int.Parse(await host.ShowAsync(Unit, "NRestarts")) >= count
            && await host.ShowAsync(Unit, "ActiveState") == "active",
        "systemd has started it again");
}
