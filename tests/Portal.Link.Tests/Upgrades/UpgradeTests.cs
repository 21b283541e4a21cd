using Microsoft.Extensions.DependencyInjection;
using Portal.Agent.Upgrades;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Audit;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Joining;
using Portal.Web.Nodes.Upgrades;

namespace Portal.Link.Tests.Upgrades;

/// <summary>What a portal does with several nodes, and what it says of those that it can't upgrade. The agents are in this process.</summary>
public sealed class UpgradeTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Refused = "does not run on this host: exit status 9";
    private readonly TestInstance _instance = new();
    private readonly TestAgent[] _agents = [new(), new(), new(), new()];
    private readonly List<Guid> _nodes = [];
    private Release _release = null!;
    private TestPortal _portal = null!;

    private INodeUpgrades Upgrades => _portal.Services.GetRequiredService<INodeUpgrades>();

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public async Task DisposeAsync() => await Disposal.AllAsync([.. _agents, _portal, _instance]);

    private async Task BeginAsync()
    {
        _release = new Release(_instance);
        await _release.PackAsync("exit 9");
        _portal = await TestPortal.StartAsync(
            postgres.ConnectionString, _instance.TempPath("portal"), services => services.AddSingleton(new AgentFiles(_release.Folder)));
        var token = await _portal.MakeTokenAsync(new NewJoinToken { Uses = _agents.Length });
        foreach (var agent in _agents)
        {
            _nodes.Add(await agent.JoinAsync(_portal.Url, token));

            // The last one was not started by its launcher.
            var version = agent == _agents[^1]
                ? null
                : new LaunchedVersion(Path.Combine(agent.Settings.Paths.Identity, "versions"), LaunchedVersion.Installed,
                    "1.0.0+old", "1.0.0+old");
            await agent.StartAsync(services => services.AddSingleton(provider => AgentUpgrade.Make(provider, version)));
        }

        await Soon.TrueAsync(() => _nodes.TrueForAll(node => _portal.PresenceOf(node) == NodePresence.Online), "all nodes are online");
    }

    [Fact]
    public async Task Begin_SeveralWithOneThatFails_BeginsNoFurtherOnesAndAuditsAll()
    {
        var three = _nodes[..3];
        Assert.Null(await Upgrades.BeginAsync(three, TestPortal.Admin, default));
        await Soon.TrueAsync(() => three.TrueForAll(node => StateOf(node).Upgrade is { IsUnderWay: false }), "all have ended");

        // Two go at a time, so the third waits for the first that ends.
        Assert.Equal(
            [NodeUpgradeStep.Failed, NodeUpgradeStep.Failed, NodeUpgradeStep.NotBegun],
            three.Select(node => StateOf(node).Upgrade!.Step));
        Assert.Contains(Refused, StateOf(three[0]).Upgrade!.Problem, StringComparison.Ordinal);
        Assert.All(three, node => Assert.Equal(NodePresence.Online, _portal.PresenceOf(node)));
        await Soon.TrueAsync(
            () => _portal.Audit.Entries.Count(entry => entry is { Action: "node.upgraded", Outcome: AuditOutcome.Failed }) == 3,
            "all is audited");
        Assert.Equal(3, _portal.Audit.Entries.Count(entry => entry.Action == "node.upgrade"));

        // Again is possible, and nothing has stayed behind on the nodes.
        Assert.All(three, node => Assert.Null(Upgrades.ObstacleOf(StateOf(node))));
        Assert.All(_agents[..3], agent => Assert.False(HasVersions(agent)));
    }

    [Fact]
    public async Task Begin_OneThatCannot_BeginsNone()
    {
        var error = await Upgrades.BeginAsync([_nodes[0], _nodes[3]], TestPortal.Admin, default);
        Assert.Contains("not started as a service", error, StringComparison.Ordinal);
        Assert.Null(StateOf(_nodes[0]).Upgrade);
        Assert.Contains("no such node", await Upgrades.BeginAsync([Guid.NewGuid()], TestPortal.Admin, default), StringComparison.Ordinal);
        Assert.DoesNotContain(_portal.Audit.Entries, entry => entry.Action == "node.upgrade");
    }

    [Fact]
    public async Task Obstacles_OfNodes_SayWhatHelps()
    {
        var node = StateOf(_nodes[0]);
        Assert.Null(Upgrades.ObstacleOf(node));
        Assert.Equal(Release.Build, Upgrades.OfferFor(node)!.Build);
        Assert.Contains("too old", ObstacleWith(node.Facts! with { UpgradeObstacle = null }), StringComparison.Ordinal);
        Assert.Contains(
            "has this portal's agent already", ObstacleWith(node.Facts! with { AgentBuild = Release.Build }), StringComparison.Ordinal);
        Assert.Contains("kind riscv64", ObstacleWith(node.Facts! with { Architecture = "riscv64" }), StringComparison.Ordinal);
        await _agents[0].StopAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(node.Id) == NodePresence.Offline, "the node is offline");
        Assert.Contains("is offline", Upgrades.ObstacleOf(StateOf(node.Id)), StringComparison.Ordinal);

        string ObstacleWith(Contracts.Hubs.NodeFacts facts) => Upgrades.ObstacleOf(node with { Facts = facts })!;
    }

    private static bool HasVersions(TestAgent agent) =>
        new DirectoryInfo(Path.Combine(agent.Settings.Paths.Identity, "versions")) is { Exists: true } folder
        && folder.GetFileSystemInfos().Length > 0;

    private NodeState StateOf(Guid node) => _portal.Fleet.Current.Nodes[node];
}
