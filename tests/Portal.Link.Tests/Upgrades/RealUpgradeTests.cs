using Microsoft.Extensions.DependencyInjection;
using Portal.Agent.Link;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Testing.Images;
using Portal.Testing.Processes;
using Portal.Web.Audit;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Joining;
using Portal.Web.Nodes.Upgrades;

namespace Portal.Link.Tests.Upgrades;

/// <summary>Agents as processes, with their launcher and a portal: what works is kept, what does not is gone back from.</summary>
[Trait("Area", "upgrades")]
public sealed class RealUpgradeTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int LongPatience = 120;
    private readonly TestInstance _instance = new();
    private InstalledAgent _agent = null!;
    private Release _release = null!;
    private TestPortal _portal = null!;
    private Guid _node;

    private INodeUpgrades Upgrades => _portal.Services.GetRequiredService<INodeUpgrades>();

    private NodeState Node => _portal.Fleet.Current.Nodes[_node];

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public async Task DisposeAsync() => await Disposal.AllAsync(_agent, _portal, _instance);

    private async Task BeginAsync()
    {
        _release = new Release(_instance);
        _portal = await TestPortal.StartAsync(
            postgres.ConnectionString, _instance.TempPath("portal"), services => services.AddSingleton(new AgentFiles(_release.Folder)));
        _agent = new InstalledAgent(_instance, InstalledAgent.RealProgram);
        _agent.Environment["PORTAL_UPGRADE_SECONDS"] = $"{LongPatience}";
        var identity = await new JoinClient(new IdentityStore(_agent.Paths.Identity))
            .JoinAsync(_portal.Url.ToString(), await _portal.MakeTokenAsync(), default);
        _node = identity.NodeId;
        _agent.Start();
        await OnlineWithAsync(InstalledAgent.Build);
    }

    [Fact]
    public async Task Upgrade_VersionThatWorks_RunsAndIsKeptAndContainersRunOn()
    {
        var docker = $"unix://{_agent.Paths.DockerSocket}";
        var image = await BusyboxImages.WriteDockerArchiveAsync(_instance.TempPath("busybox.tar"));
        await Tool.RunAsync("docker", "--host", docker, "load", "--input", image);
        await Tool.RunAsync("docker", "--host", docker, "run", "-d", "--name", "one", "busybox", "sleep", "100000");
        var process = (await Tool.RunAsync("docker", "--host", docker, "inspect", "-f", "{{.State.Pid}}", "one")).Trim();
        await _release.PackAsync(InstalledAgent.RealProgram);

        var end = await UpgradeAsync();

        Assert.Equal((NodeUpgradeStep.Succeeded, ""), (end.Step, end.Problem));
        await Soon.TrueAsync(() => _agent.Read("current").Contains(Release.Build, StringComparison.Ordinal), "the new version is kept");
        Assert.Equal("", _agent.Read("trial"));
        Assert.Equal(
            process, (await Tool.RunAsync("docker", "--host", docker, "inspect", "-f", "{{.State.Pid}}", "one")).Trim());
        await Tool.RunAsync("docker", "--host", docker, "rm", "-f", "one");
        Assert.Contains(_portal.Audit.Entries, entry => entry is { Action: "node.upgraded", Outcome: AuditOutcome.Succeeded });

        // It stays after a restart, and another one leaves it as the previous.
        await _agent.StopAsync();
        _agent.Start();
        await OnlineWithAsync(Release.Build);
        await _release.PackAsync(InstalledAgent.RealProgram, "3.0.0+newest");
        Assert.Equal(NodeUpgradeStep.Succeeded, (await UpgradeAsync()).Step);
        await Soon.TrueAsync(() => _agent.Read("previous").Contains(Release.Build, StringComparison.Ordinal), "the one before is known");
        await Soon.TrueAsync(() => Directory.GetDirectories(_agent.Versions).Length == 2, "two versions are left");
    }

    [Theory]
    [InlineData("exit 3", "ended 3 times")]
    [InlineData("exec sleep 1000", "had not linked to the portal within")]
    [InlineData("kill -KILL $$", "ended 3 times")]
    public async Task Upgrade_VersionThatDoesNotRun_GoesBackAndSaysWhy(string broken, string reason)
    {
        if (broken.StartsWith("exec sleep", StringComparison.Ordinal))
        {
            await RestartWithPatienceAsync(5);
        }

        await _release.PackAsync($"[ \"$1\" != --version ] || exit 0\n{broken}");
        await AssertGoesBackAsync(reason);
    }

    [Fact]
    public async Task Upgrade_VersionThatRunsButNeverLinks_GoesBackAndSaysWhy()
    {
        await RestartWithPatienceAsync(10);

        // All of the agent works, but it has no identity where it looks.
        await _release.PackAsync(
            $"PORTAL_DATA={_instance.TempPath("elsewhere")} PORTAL_RUN={_instance.TempPath("elsewhere-run")} {InstalledAgent.RealProgram}");
        await AssertGoesBackAsync("It ran, but had not linked to the portal within 10 seconds.");
    }

    [Fact]
    public async Task Upgrade_ArchiveOtherThanItsChecksum_ChangesNothing()
    {
        await _release.PackAsync(InstalledAgent.RealProgram);
        await _release.WriteChecksumAsync(new string('a', 64));
        await AssertFailsAsync("has not the digest");
    }

    [Fact]
    public async Task Upgrade_ProgramThatDoesNotStartHere_ChangesNothing()
    {
        await _release.PackAsync("echo no such library >&2; exit 127");
        await AssertFailsAsync("does not run on this host: exit status 127. no such library");
    }

    [Fact]
    public async Task Upgrade_AgentKilledWhileOnTrial_EndsWithOneThatLinks()
    {
        // The new version's first start is killed outright, and its launcher with it: whoever starts the agent again finds the trial.
        var marker = _instance.TempPath("killed");
        await _release.PackAsync(
            "[ \"$1\" != --version ] || exit 0\n"
            + $"if [ ! -e {marker} ]; then touch {marker}; kill -KILL $PPID $$; fi\n{InstalledAgent.RealProgram}");
        Assert.Null(await Upgrades.BeginAsync([_node], TestPortal.Admin, default));
        await _agent.AwaitEndAsync();
        _agent.Start();
        await OnlineWithAsync(Release.Build);
        await Soon.TrueAsync(() => Node.Upgrade is { Step: NodeUpgradeStep.Succeeded }, "the portal has seen it");
        await Soon.TrueAsync(() => _agent.Read("current").Contains(Release.Build, StringComparison.Ordinal), "it is kept");
    }

    private async Task AssertGoesBackAsync(string reason)
    {
        var end = await UpgradeAsync();

        Assert.True(end.Step == NodeUpgradeStep.WentBack, $"{end}\n{_agent.Log}");
        Assert.Contains(reason, end.Problem, StringComparison.Ordinal);
        await OnlineWithAsync(InstalledAgent.Build);
        Assert.Equal("", _agent.Read("trial") + _agent.Read("current"));
        await Soon.TrueAsync(() => Directory.GetDirectories(_agent.Versions).Length == 0, "the broken version's files are gone");
        Assert.Contains(_portal.Audit.Entries, entry => entry is { Action: "node.upgraded", Outcome: AuditOutcome.Failed });

        // What is mended is taken; it gets the time that a slow machine needs for it.
        await RestartWithPatienceAsync(LongPatience);
        await _release.PackAsync(InstalledAgent.RealProgram, "2.0.1+mended");
        Assert.Equal(NodeUpgradeStep.Succeeded, (await UpgradeAsync()).Step);
    }

    private async Task AssertFailsAsync(string reason)
    {
        var process = _agent.ProcessId;
        var end = await UpgradeAsync();

        Assert.Equal(NodeUpgradeStep.Failed, end.Step);
        Assert.Contains(reason, end.Problem, StringComparison.Ordinal);
        Assert.Equal(process, _agent.ProcessId);
        Assert.Equal(NodePresence.Online, Node.Presence);
        Assert.Empty(Directory.GetFileSystemEntries(_agent.Versions));
    }

    private async Task<NodeUpgrade> UpgradeAsync()
    {
        Assert.Null(await Upgrades.BeginAsync([_node], TestPortal.Admin, default));
        await Soon.TrueAsync(() => Node.Upgrade is { IsUnderWay: false }, "the upgrade has ended", TimeSpan.FromMinutes(2));
        return Node.Upgrade!;
    }

    private async Task RestartWithPatienceAsync(int seconds)
    {
        _agent.Environment["PORTAL_UPGRADE_SECONDS"] = $"{seconds}";
        await _agent.StopAsync();
        await Soon.TrueAsync(() => Node.Presence != NodePresence.Online, "the node is away");
        _agent.Start();
        await OnlineWithAsync(InstalledAgent.Build);
    }

    private Task OnlineWithAsync(string build) => Soon.TrueAsync(
        () => Node is { Presence: NodePresence.Online, Facts: { } facts } && facts.AgentBuild == build,
        $"the node is online with {build}",
        TimeSpan.FromSeconds(60));
}
