using System.Net;
using Portal.Agent.Link;
using Portal.Agent.Link.Trust;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Testing.Registries;
using Portal.Web.Nodes;

namespace Portal.Link.Tests.Portals;

/// <summary>A node that goes by an authority stays linked when the portal's certificate is renewed.</summary>
public sealed class RenewedCertificateTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private readonly string _address = $"127.0.0.1:{FreePort.Find()}";
    private TestPortal? _portal;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _portal, _instance);

    [Fact]
    public async Task Link_CertificateIsRenewedByTheAuthority_ComesBackByItself()
    {
        var authority = new TestAuthority(_instance.TempPath("authority"));
        _portal = await StartAsync(authority.Sign("first", IPAddress.Loopback));
        var token = await _portal.MakeTokenAsync();
        var trust = AuthorityTrust.Of(await File.ReadAllTextAsync(authority.CertificateFile), "'file'");
        var identity = await new JoinClient(_agent.Identities).JoinAsync(_portal.TlsUrl.ToString(), token, trust, default);
        await _agent.StartAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(identity.NodeId) == NodePresence.Online, "the node is online");

        await _portal.DisposeAsync();
        _portal = await StartAsync(authority.Sign("second", IPAddress.Loopback));
        await Soon.TrueAsync(() => _portal.PresenceOf(identity.NodeId) == NodePresence.Online, "the node is online again");

        await _portal.DisposeAsync();
        var stranger = new TestAuthority(_instance.TempPath("stranger"));
        _portal = await StartAsync(stranger.Sign("third", IPAddress.Loopback));
        await Soon.TrueAsync(() => _agent.Status.Problem.Contains("leads to none", StringComparison.Ordinal), "the agent says why it stays away");
        Assert.Equal(NodePresence.Offline, _portal.PresenceOf(identity.NodeId));
    }

    private Task<TestPortal> StartAsync((string Certificate, string Key) files) => TestPortal.StartAsync(
        postgres.ConnectionString, _instance.DataRoot, _address,
        ("PORTAL_TLS_CERT", files.Certificate), ("PORTAL_TLS_KEY", files.Key));
}
