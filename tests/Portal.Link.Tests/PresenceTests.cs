using System.Diagnostics;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Nodes;

namespace Portal.Link.Tests;

/// <summary>
/// Presence is right: a real agent behind a cable, on a machine whose processors all have more than they can do. A minute of it by
/// <c>./portal test presence</c>, a few seconds among the others.
/// </summary>
[Trait("Area", "presence")]
public sealed class PresenceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    // The promise is kept where nothing else runs; among the other tests there is more going on than this one makes.
    private static readonly TimeSpan s_back = TimeSpan.FromSeconds(TestSettings.IsLong ? 2 : 6);
    private static readonly TimeSpan s_busy = TestSettings.Long(TimeSpan.FromSeconds(6), TimeSpan.FromMinutes(1));
    private readonly TestInstance _instance = new();
    private readonly Cable _cable = new();
    private TestPortal _portal = null!;
    private AgentProcess _agent = null!;
    private Guid _node;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _portal, _cable, _instance);

    private async Task BeginAsync()
    {
        await _cable.LayAsync();
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot, $"{_cable.PortalAddress}:{FreePort.Find()}");
        _agent = new AgentProcess(_instance, _cable.Namespace);
        await _agent.JoinAsync(_portal.TlsUrl, await _portal.MakeTokenAsync());
        _agent.Start();
        await Soon.TrueAsync(
            () => _portal.Fleet.Current.Nodes.Values.Any(node => node.Presence == NodePresence.Online), "the node is online",
            TimeSpan.FromSeconds(40));
        _node = _portal.Fleet.Current.Nodes.Keys.Single();
    }

    [Fact]
    public async Task Presence_ProcessorsAreBusy_NeverFlapsAndTellsACutAndItsEnd()
    {
        var seen = new List<(NodePresence Presence, TimeSpan At)>();
        var watch = Stopwatch.StartNew();
        using var stop = new CancellationTokenSource();
        var watching = WatchAsync(seen, watch, stop.Token);
        using (BusyProcessors.Start(2 * System.Environment.ProcessorCount))
        {
            await Task.Delay(s_busy);
        }

        await stop.CancelAsync();
        await watching;
        Assert.True(seen is [(NodePresence.Online, _)], $"With all processors busy it went {string.Join(", ", seen)}.");

        await _cable.SwallowPacketsAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Offline, "the node is offline", TimeSpan.FromSeconds(10));
        await _cable.PassPacketsAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Online, "the node is online", s_back);
    }

    private async Task WatchAsync(List<(NodePresence Presence, TimeSpan At)> seen, Stopwatch watch, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var now = _portal.PresenceOf(_node);
            if (seen.Count == 0 || seen[^1].Presence != now)
            {
                seen.Add((now, watch.Elapsed));
            }

            await Task.Delay(10, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
