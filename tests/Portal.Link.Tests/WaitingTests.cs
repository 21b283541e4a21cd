using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Link;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Joining;
using Portal.Web.Nodes.Storage;

namespace Portal.Link.Tests;

/// <summary>Hosts that an administrator looks at before they become nodes.</summary>
public sealed class WaitingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private TestPortal _portal = null!;
    private Guid _id;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _portal, _instance);

    private async Task BeginAsync()
    {
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        var labels = new Dictionary<string, string> { ["rack"] = "a4" };
        var token = await _portal.MakeTokenAsync(new NewJoinToken { Confirm = true, Note = "new hosts", Labels = labels });
        _id = await _agent.JoinAsync(_portal.Url, token);
        await _agent.StartAsync();
        await Soon.TrueAsync(() => _agent.Status.Problem.Contains("waiting", StringComparison.Ordinal), "the agent tells that it waits");
    }

    [Fact]
    public async Task Host_WithATokenThatAsks_IsSeenAndNoNode()
    {
        var host = Assert.Single(await Store.ListAsync(default), waiting => waiting.Id == _id);

        using var key = _agent.Identities.LoadKey();
        Assert.Equal(KeyFingerprint.Of(key.ExportSubjectPublicKeyInfo()), host.Fingerprint);
        Assert.Equal("new hosts", host.Note);
        Assert.Equal("127.0.0.1", host.Address);
        Assert.Equal("a4", host.Labels["rack"]);
        Assert.True(host.Host.Cpus > 0 && host.Host.MemoryBytes > 0 && host.Host.OperatingSystem.Length > 0);
        Assert.False(_portal.Fleet.Current.Nodes.ContainsKey(_id));
        Assert.False(_agent.Status.IsOnline);
    }

    [Fact]
    public async Task Accept_WaitingHost_LinksAsANode()
    {
        var node = await Store.AcceptAsync(_id, TimeProvider.System.GetUtcNow(), default);
        Services.GetRequiredService<Portal.Web.Nodes.Presence.Fleet>().AddOrRename([(node!.Id, node.Name)]);

        await Soon.TrueAsync(() => _portal.PresenceOf(_id) == NodePresence.Online, "the accepted host is online", TimeSpan.FromSeconds(30));
        Assert.Equal("a4", node.Labels["rack"]);
        Assert.DoesNotContain(await Store.ListAsync(default), waiting => waiting.Id == _id);
        Assert.Null(await Store.AcceptAsync(_id, TimeProvider.System.GetUtcNow(), default));
    }

    [Fact]
    public async Task Refuse_WaitingHost_IsNotKnownAnyMore()
    {
        Assert.NotNull(await Store.RefuseAsync(_id, default));

        await Soon.TrueAsync(
            () => _agent.Status.Problem.Contains("does not know this node", StringComparison.Ordinal), "the agent is refused",
            TimeSpan.FromSeconds(30));
        Assert.Null(await Store.AcceptAsync(_id, TimeProvider.System.GetUtcNow(), default));
        Assert.False(_portal.Fleet.Current.Nodes.ContainsKey(_id));
    }

    private IServiceProvider Services => _portal.Services;

    private WaitingNodeStore Store => Services.GetRequiredService<WaitingNodeStore>();
}
