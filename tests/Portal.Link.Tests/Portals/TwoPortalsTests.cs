using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Link;
using Portal.Contracts.Permissions;
using Portal.Engine.Containers;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Nodes;

namespace Portal.Link.Tests.Portals;

/// <summary>Two portals of one database behind one origin: each node is linked to both, wherever its connections arrive.</summary>
public sealed class TwoPortalsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private TestPortal _one = null!;
    private TestPortal _two = null!;
    private Balancer _origin = null!;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _origin, _one, _two, _instance);

    private async Task BeginAsync()
    {
        _one = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        _two = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        _origin = new Balancer(_one.Url, _two.Url);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Link_BehindABalancer_StandsAtBothPortals(bool sticks)
    {
        _origin.Sticks = sticks;
        var node = await BeginAgentAsync();
        foreach (var portal in new[] { _one, _two })
        {
            var client = new ContainerService.ContainerServiceClient(
                portal.Clients.For(node, TestPortal.Admin, PermissionNames.ContainersCreate));
            await client.CreateContainerAsync(new CreateContainerRequest { Image = "busybox", Name = $"by-{portal.Url.Port}" });
        }

        await Soon.TrueAsync(() => _one.Fleet.Current.Nodes[node].Containers.Count == 2, "one shows what both have made");
        await Soon.TrueAsync(() => _two.Fleet.Current.Nodes[node].Containers.Count == 2, "and so does the other");
        await Soon.TrueAsync(() => _agent.Status is { IsOnline: true, Portals: 2 }, "the agent says so");
    }

    [Fact]
    public async Task Link_PortalEnds_TheOtherKeepsItsOwnAndANewOneGetsOne()
    {
        _origin.Sticks = true;
        var node = await BeginAgentAsync();
        await _one.DisposeAsync();
        await Soon.TrueAsync(() => _agent.Status.Portals == 1, "the ended portal is forgotten");
        await BothOnlineAsync(node, _two);

        _one = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        _origin.Portals = [_one.Url, _two.Url];
        await BothOnlineAsync(node, _one, _two);
    }

    [Fact]
    public async Task Link_AllPortalsAreOthersThanBefore_IsFoundAnew()
    {
        var node = await BeginAgentAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        await Soon.TrueAsync(() => !_agent.Status.IsOnline, "the agent is offline");

        _one = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        _two = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        _origin.Portals = [_one.Url, _two.Url];
        await BothOnlineAsync(node, _one, _two);
    }

    [Fact]
    public async Task Link_SeveralAddressesAndTheFirstIsDead_GoesByTheSecond()
    {
        var token = await _one.MakeTokenAsync();
        var identity = await new Agent.Link.JoinClient(_agent.Identities)
            .JoinAsync($"http://127.0.0.1:{FreePort.Find()},{_two.Url}", token, default);
        await _agent.StartAsync();
        await BothOnlineAsync(identity.NodeId, _one, _two);
    }

    [Fact]
    public async Task Key_RotatedThroughOne_HoldsAtBoth()
    {
        var node = await BeginAgentAsync();
        var (error, fingerprint) = await _two.Services.GetRequiredService<INodeRegistry>().RotateKeyAsync(node, TestPortal.Admin, default);

        Assert.Null(error);
        await Soon.TrueAsync(
            () => new[] { _one, _two }.All(portal => portal.Fleet.Current.Nodes[node].KeyFingerprint == fingerprint), "both know the key");
        await BothOnlineAsync(node, _one, _two);
    }

    [Fact]
    public async Task Node_RenamedAndRemovedAtOne_IsSoAtTheOther()
    {
        var node = await BeginAgentAsync();
        var registry = _one.Services.GetRequiredService<INodeRegistry>();
        Assert.Null(await registry.RenameAsync(node, "renamed", TestPortal.Admin, default));
        await Soon.TrueAsync(() => _two.Fleet.Current.Nodes[node].Name == "renamed", "the other knows the name");

        Assert.True(await registry.RemoveAsync(node, TestPortal.Admin, default));
        await Soon.TrueAsync(() => !_two.Fleet.Current.Nodes.ContainsKey(node), "the other shows it no more");
        await Soon.TrueAsync(() => !_agent.Status.IsOnline, "nobody talks to it");
    }

    [Fact]
    public async Task Events_TakenByBoth_AreKeptOnceAndInOneEpoch()
    {
        var node = await BeginAgentAsync();
        for (var round = 0; round < 20; round++)
        {
            await _agent.Engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Name = $"number-{round}" });
            if (round == 10)
            {
                await _one.DisposeAsync();
                _one = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
                _origin.Portals = [_one.Url, _two.Url];
            }
        }

        await BothOnlineAsync(node, _one, _two);
        await Soon.TrueAsync(() => _two.ReadSequencesAsync(node).GetAwaiter().GetResult().Length >= 20, "all are kept");
        var kept = await _two.ReadSequencesAsync(node);
        Assert.Equal(Enumerable.Range(1, kept.Length).Select(number => (long)number), kept);
    }

    [Theory]
    [InlineData("nonsense", HttpStatusCode.BadRequest)]
    [InlineData("6f2b6f0e-7a53-4c4e-9d69-0f1f0e8a2f11", HttpStatusCode.Gone)]
    public async Task Ask_PortalThatIsNot_IsToldSo(string portal, HttpStatusCode expected)
    {
        using var client = new HttpClient();
        var url = new Uri(_one.Url, $"{LinkProtocol.ChallengePath}?{LinkProtocol.PortalQuery}={portal}");
        using var answer = await client.PostAsync(url, null);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Ask_PassedOnAlready_IsNotPassedOnAgain()
    {
        using var client = new HttpClient();
        var (one, _) = await AskAsync(client, _one.Url);
        var other = $"{LinkProtocol.ChallengePath}?{LinkProtocol.PortalQuery}={one}";
        await Soon.TrueAsync(
            () => AskAsync(client, new Uri(_two.Url, other)).GetAwaiter().GetResult().Portal == one, "the other passes it on");

        using var again = new HttpRequestMessage(HttpMethod.Post, new Uri(_two.Url, other));
        again.Headers.Add(LinkProtocol.PassedOnHeader, "1");
        using var answer = await client.SendAsync(again);
        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
    }

    private static async Task<(Guid? Portal, HttpStatusCode Status)> AskAsync(HttpClient client, Uri url)
    {
        var target = url.AbsolutePath == "/" ? new Uri(url, LinkProtocol.ChallengePath) : url;
        using var answer = await client.PostAsync(target, null);
        return answer.IsSuccessStatusCode
            ? ((await System.Net.Http.Json.HttpContentJsonExtensions.ReadFromJsonAsync<Challenge>(answer.Content))!.Portal, answer.StatusCode)
            : (null, answer.StatusCode);
    }

    private async Task<Guid> BeginAgentAsync()
    {
        var node = await _agent.JoinAsync(_origin.Url, await _one.MakeTokenAsync());
        await _agent.StartAsync();
        await BothOnlineAsync(node, _one, _two);
        return node;
    }

    private static async Task BothOnlineAsync(Guid node, params TestPortal[] portals)
    {
        foreach (var portal in portals)
        {
            await Soon.TrueAsync(() => portal.PresenceOf(node) == NodePresence.Online, "the node is online at each portal");
        }
    }
}
