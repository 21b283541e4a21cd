using Portal.Shipping.Tests.Hosting;
using Portal.Testing.Processes;

namespace Portal.Shipping.Tests;

/// <summary>The line that the dashboard prints, run on a host that has nothing of the portal.</summary>
public sealed class InstallerTests(Workshop workshop) : IClassFixture<Workshop>
{
    private const string Installer = "/root/install.sh";

    [Fact]
    public async Task OneLine_OnAFreshHost_MakesItANodeAndAgainChangesNothing()
    {
        await using var portal = await PortalProcess.StartAsync(workshop.Instance);
        await using var host = await workshop.StartHostAsync();
        var url = $"https://{await workshop.FindGatewayAsync()}:{portal.Port}";
        var (pin, token) = (await portal.FindPinAsync(), await portal.ReadTokenAsync());

        // Somebody else's key: curl fetches nothing, so sh gets nothing to run.
        var wrong = await LineAsync(host, url, "sha256//" + Convert.ToBase64String(new byte[32]), token);
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.NotEqual(0, (await host.TryAsync("test", "-e", "/usr/lib/portal-agent")).ExitCode);

        var dry = await LineAsync(host, url, pin, token, "--dry-run");
        Assert.True(dry.ExitCode == 0, dry.Error + dry.Output);
        Assert.Contains($"make this host a node of {url}", dry.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, (await host.TryAsync("test", "-e", "/usr/lib/portal-agent")).ExitCode);

        var made = await LineAsync(host, url, pin, token);
        Assert.True(made.ExitCode == 0, made.Error + made.Output);
        Assert.Contains($"It is node '{host.Name}' of {url}. It is online.", made.Output, StringComparison.Ordinal);

        // The token is used up, and not needed: the host has joined.
        var process = await host.ShowAsync("portal-agent.service", "MainPID");
        var again = await LineAsync(host, url, pin, token);
        Assert.True(again.ExitCode == 0, again.Error + again.Output);
        Assert.Equal(process, await host.ShowAsync("portal-agent.service", "MainPID"));

        var elsewhere = await LineAsync(host, url, pin, token, "--portal", "https://other.example:8443");
        Assert.NotEqual(0, elsewhere.ExitCode);
        Assert.Contains($"this host is a node of {url} already", elsewhere.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Archive_CutOffOrNotAnAgent_IsRefusedAndTheAgentThatIsThereStays()
    {
        await using var host = await workshop.StartHostAsync();
        await host.CopyAsync(Path.Combine(Workshop.Release, "downloads", "install.sh"), "/root");
        await host.CopyAsync(Workshop.AgentArchive, "/root/agent.tar.gz");
        await host.RunAsync("sh", Installer, "--archive", "/root/agent.tar.gz");
        await host.StartContainerAsync("one");
        var process = await host.FindProcessAsync("one");

        await host.RunAsync("sh", "-c", "head -c 1000000 /root/agent.tar.gz >/root/cut.tar.gz");
        await host.RunAsync("tar", "-C", "/root", "-czf", "/root/other.tar.gz", "install.sh");
        foreach (var archive in (string[])["cut", "other"])
        {
            Assert.NotEqual(0, (await host.TryAsync("sh", Installer, "--archive", $"/root/{archive}.tar.gz")).ExitCode);
            await host.AwaitProcessAsync("one", process);
        }

        // An installer that was cut off anywhere but before its last line does nothing.
        await host.RunAsync("sh", "-c", $"sed '$d' {Installer} | sh -s -- --uninstall --purge");
        await host.AwaitProcessAsync("one", process);
    }

    [Theory]
    [InlineData("ID=ubuntu\nID_LIKE=debian\n", "dpkg-query", "tini", "apt-get install -y -qq --no-install-recommends")]
    [InlineData("ID=fedora\nPRETTY_NAME=\"Fedora Linux 41\"\n", "rpm", "procps-ng", "dnf install -y -q --setopt=install_weak_deps=False")]
    [InlineData("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", "rpm", "iproute", "dnf install -y -q --setopt")]
    public async Task Packages_OfOtherDistributions_AreNamedAsThere(string release, string query, string package, string command)
    {
        await using var host = await workshop.StartHostAsync();
        await host.CopyAsync(Path.Combine(Workshop.Release, "downloads", "install.sh"), "/root");
        await host.CopyAsync(Workshop.AgentArchive, "/root/agent.tar.gz");
        await host.RunAsync("rm", "/etc/os-release");
        await host.WriteAsync("/etc/os-release", release);

        // Stand-ins of the package programs: nothing is installed, and what is asked of them is written down.
        await host.RunAsync("mkdir", "/root/bin");
        await host.WriteAsync($"/root/bin/{query}", "#!/bin/sh\nexit 1\n");
        foreach (var program in (string[])["apt-get", "dnf"])
        {
            await host.WriteAsync($"/root/bin/{program}", $"#!/bin/sh\necho \"{program} $*\" >>/root/asked\n");
        }

        await host.RunAsync("chmod", "-R", "+x", "/root/bin");
        string[] install = ["env", "PATH=/root/bin:/usr/sbin:/usr/bin:/sbin:/bin", "sh", Installer, "--archive", "/root/agent.tar.gz"];
        var dry = await host.RunAsync([.. install, "--dry-run"]);
        Assert.Matches($"install the packages: .*\\b{package}\\b", dry);
        Assert.NotEqual(0, (await host.TryAsync("test", "-e", "/root/asked")).ExitCode);

        await host.RunAsync(install);
        Assert.Contains(command, await host.RunAsync("cat", "/root/asked"), StringComparison.Ordinal);
        Assert.Equal("active", await host.ShowAsync("portal-agent.service", "ActiveState"));
    }

    [Fact]
    public async Task Check_HostThatLacksMuch_TellsEveryProblemAndChangesNothing()
    {
        await using var host = await workshop.StartHostAsync();
        await host.CopyAsync(Path.Combine(Workshop.Release, "downloads", "install.sh"), "/root");
        await host.RunAsync("rm", "/etc/os-release");
        await host.WriteAsync("/etc/os-release", "ID=slackware\nPRETTY_NAME=\"$(touch /root/ran)\"\n");
        await host.RunAsync("rm", "/usr/sbin/runc", "/usr/bin/git");

        var refused = await host.TryAsync(
            "unshare", "--mount", "sh", "-c",
            "mount --bind /proc/version /proc/filesystems && umount -l /run && exec sh /root/install.sh --archive /absent");

        Assert.Equal(1, refused.ExitCode);
        foreach (var problem in (string[])["systemd does not run here", "no overlayfs", "no cgroups", "no file '/absent'", "runc git"])
        {
            Assert.Contains(problem, refused.Error, StringComparison.Ordinal);
        }

        Assert.Contains("nothing was changed", refused.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, (await host.TryAsync("test", "-e", "/root/ran")).ExitCode);
        Assert.NotEqual(0, (await host.TryAsync("test", "-e", "/usr/lib/portal-agent")).ExitCode);
    }

    [Theory]
    [InlineData("is no portal's address", "--portal", "https://portal.example/$(id)")]
    [InlineData("must begin with https://", "--portal", "http://portal.example:8080")]
    [InlineData("is no pin", "--portal", "https://portal.example", "--pin", "sha1//abc")]
    [InlineData("nothing to trust", "--portal", "https://portal.example", "--trust", "anybody")]
    [InlineData("give one of them", "--portal", "https://portal.example", "--trust", "system", "--pin", "sha256//abc")]
    [InlineData("give one of them", "--portal", "https://portal.example", "--ca", "/root/ca.pem", "--pin", "sha256//abc")]
    [InlineData("leave --trust out", "--portal", "https://portal.example", "--trust", "system", "--ca", "/root/ca.pem")]
    [InlineData("begins with https://", "--portal", "http://127.0.0.1:8080", "--trust", "system")]
    [InlineData("no join token", "--portal", "https://portal.example", "--token", "secret")]
    [InlineData("there is no option", "--portal", "https://portal.example", "--force")]
    [InlineData("--purge goes with --uninstall", "--purge", "--portal", "https://portal.example")]
    [InlineData("needs a value", "--portal")]
    public async Task Arguments_Wrong_AreRefused(string reason, params string[] arguments)
    {
        var result = await Tool.TryRunAsync("sh", [Path.Combine(Workshop.Sources, "deploy", "agent", "install.sh"), .. arguments]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scripts_ForShellcheck_AreClean()
    {
        var scripts = Directory.GetFiles(Path.Combine(Workshop.Sources, "deploy"), "*.sh", SearchOption.AllDirectories);

        await Tool.RunAsync("shellcheck", ["--severity=style", .. scripts]);
        Assert.Contains(scripts, script => script.EndsWith("install.sh", StringComparison.Ordinal));
    }

    // As a person enters it. The shell reports the end of the last command of a pipe; with curl refused that is one that read nothing.
    private static Task<ToolResult> LineAsync(TestHost host, string url, string pin, string token, params string[] more) => host.TryAsync(
        "bash", "-o", "pipefail", "-c",
        $"curl -fsSk --pinnedpubkey '{pin}' {url}/install.sh | "
        + $"sh -s -- --portal {url} --pin '{pin}' --token {token} {string.Join(' ', more)}");
}
