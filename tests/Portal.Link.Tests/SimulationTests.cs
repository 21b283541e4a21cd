using Portal.Link.Tests.Environment;
using Portal.Simulation;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Joining;

namespace Portal.Link.Tests;

/// <summary>Simulated nodes are nodes: the portal can't tell. Load tests stand on that.</summary>
public sealed class SimulationTests : IAsyncLifetime
{
    private readonly TestInstance _folders = new();
    private string _database = "";
    private TestPortal _portal = null!;

    public async Task InitializeAsync()
    {
        _database = await (await PostgresCluster.SharedAsync).CreateDatabaseAsync();
        _portal = await TestPortal.StartAsync(_database, _folders.DataRoot);
    }

    public async Task DisposeAsync()
    {
        await _portal.DisposeAsync();
        await (await PostgresCluster.SharedAsync).DropDatabaseAsync(_database);
        await _folders.DisposeAsync();
    }

    [Fact]
    public async Task Simulation_OfFiveNodes_IsOnlineAndTellsOfChanges()
    {
        await using var simulation = new Portal.Simulation.Simulation(new SimulationOptions
        {
            Portal = _portal.Url,
            Token = await _portal.MakeTokenAsync(new NewJoinToken { Uses = 5 }),
            Nodes = 5,
            Containers = 4,
            ChangesPerMinute = 60,
        });

        await simulation.StartAsync(default);

        await Soon.TrueAsync(
            () => simulation.Online == 5 && Nodes().All(node => node.Presence == NodePresence.Online && node.Containers.Count == 4),
            "five nodes with four containers each are online");
        Assert.Equal(5, Nodes().Count);
        await Soon.TrueAsync(
            () => Nodes().All(node => node.Sample is not null && node.Containers.Values.Any(container => container.State == "exited")),
            "each node has sent its counters and told of a container that was stopped");
        Assert.True(simulation.Changes > 0);
        await Eventually.HoldsAsync(async () => (await _portal.ReadSequencesAsync(Nodes()[0].Id)).Length > 0, "its events are kept");
    }

    private List<NodeState> Nodes() => [.. _portal.Fleet.Current.Nodes.Values];
}
