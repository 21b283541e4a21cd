using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Nodes;

namespace Portal.Link.Tests;

/// <summary>A portal that takes connections and does not answer, as one that a whole fleet comes back to.</summary>
public sealed class SilentPortalTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private readonly int _port = FreePort.Find();
    private TestPortal _portal = null!;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _portal, _instance);

    private async Task BeginAsync() => _portal = await StartPortalAsync();

    [Fact]
    public async Task Link_PortalWasSilentForLong_StandsWhenItAnswersAgain()
    {
        var node = await _agent.JoinAsync(_portal.Url, await _portal.MakeTokenAsync());
        await _portal.DisposeAsync();
        using (var silent = new TcpListener(IPAddress.Loopback, _port))
        {
            silent.Start();
            await _agent.StartAsync();
            await Soon.TrueAsync(() => _agent.Status.Problem.Contains("did not answer", StringComparison.Ordinal), "the agent says why");

            // Both connections have given up once, and asked again.
            await Soon.TrueAsync(() => silent.Pending(), "it asks");
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        _portal = await StartPortalAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(node) == NodePresence.Online, "the node is online");
    }

    private Task<TestPortal> StartPortalAsync() => TestPortal.StartAsync(
        postgres.ConnectionString, _instance.DataRoot, null, (TestPortal.Port, _port.ToString(CultureInfo.InvariantCulture)));
}
