using Portal.Shipping.Tests.Hosting;
using Portal.Testing;

namespace Portal.Shipping.Tests;

/// <summary>Portal and agent as Debian packages on one host, with Debian's PostgreSQL.</summary>
public sealed class DebTests(Workshop workshop) : IClassFixture<Workshop>
{
    private const string Agent = "portal-agent.service";
    private const string Portal = "portal.service";
    private const string Token = "/run/portal-server/token";

    [Fact]
    public async Task Packages_InstalledUpgradedAndPurged_WorkTogetherAndLeaveNothing()
    {
        await using var host = await workshop.StartHostAsync();
        var before = await ListAsync(host);
        foreach (var package in Directory.GetFiles(Workshop.Packages, "*.deb"))
        {
            await host.CopyAsync(package, $"/root/{Path.GetFileName(package).Split('_')[0]}.deb");
        }

        await host.RunAsync("dpkg", "--install", "/root/portal-agent.deb");
        Assert.Equal("active", await host.ShowAsync(Agent, "ActiveState"));
        Assert.Equal("enabled", await host.ShowAsync(Agent, "UnitFileState"));
        await host.StartContainerAsync("one");
        var process = await host.FindProcessAsync("one");
        var agent = await host.ShowAsync(Agent, "MainPID");
        await host.RunAsync("dpkg", "--install", "/root/portal-agent.deb");
        await host.AwaitProcessAsync("one", process);
        Assert.NotEqual(agent, await host.ShowAsync(Agent, "MainPID"));

        await StartPortalAsync(host);
        await host.RunAsync("portal-agent", "join", "http://127.0.0.1:8080", "--token-file", Token);
        await Eventually.HoldsAsync(
            async () => (await host.TryAsync("portal-agent", "status", "--quiet")).ExitCode == 0, "the host is a node of its own portal");
        var sums = await host.RunAsync("curl", "-fsS", "http://127.0.0.1:8080/install/SHA256SUMS");
        Assert.Contains("agent-linux", sums, StringComparison.Ordinal);

        await host.RunAsync("dpkg", "--remove", "portal-agent");
        await host.RunAsync("kill", "-0", process);
        await host.RunAsync("dpkg", "--purge", "portal-agent", "portal");
        Assert.NotEqual(0, (await host.TryAsync("kill", "-0", process)).ExitCode);
        Assert.NotEqual(0, (await host.TryAsync("getent", "passwd", "portal")).ExitCode);
        await host.RunAsync("rm", "/root/portal.deb", "/root/portal-agent.deb", "/root/busybox.tar");
        Assert.Equal(before, await ListAsync(host));
        Assert.Equal("", await host.RunAsync("find", "/sys/fs/cgroup", "-maxdepth", "2", "-name", "portal"));
    }

    // Installed it does not run before it has a database; then as a user of its own, without what its unit takes away.
    private static async Task StartPortalAsync(TestHost host)
    {
        await host.RunAsync("dpkg", "--install", "/root/portal.deb");
        Assert.Equal("inactive", await host.ShowAsync(Portal, "ActiveState"));
        await host.RunAsync("runuser", "-u", "postgres", "--", "createuser", "portal");
        await host.RunAsync("runuser", "-u", "postgres", "--", "createdb", "-O", "portal", "portal");
        await host.RunAsync("sed", "-i", "s/^#PORTAL_DB=/PORTAL_DB=/", "/etc/portal/portal.env");
        await host.RunAsync("sed", "-i", $"$ a PORTAL_LOCAL_JOIN_TOKEN_FILE={Token}", "/etc/portal/portal.env");
        await host.RunAsync("systemctl", "start", Portal);
        Assert.Contains("setup-token", await host.RunAsync("curl", "-fsS", "http://127.0.0.1:8080/setup"), StringComparison.Ordinal);
        var status = await host.RunAsync("cat", $"/proc/{await host.ShowAsync(Portal, "MainPID")}/status");
        Assert.Matches("NoNewPrivs:\\s+1", status);
        Assert.Matches("Seccomp:\\s+2", status);
        Assert.DoesNotMatch("Uid:\\s+0", status);
        await Eventually.HoldsAsync(async () => (await host.TryAsync("test", "-s", Token)).ExitCode == 0, "there is a join token");
    }

    // Copies that the programs of users and groups keep of their files are theirs.
    private static async Task<IEnumerable<string>> ListAsync(TestHost host) =>
        (await host.ListFilesAsync()).Where(path => !path.StartsWith("/etc/", StringComparison.Ordinal)
            || !(path.EndsWith('-') || path.EndsWith(".lock", StringComparison.Ordinal)));
}
