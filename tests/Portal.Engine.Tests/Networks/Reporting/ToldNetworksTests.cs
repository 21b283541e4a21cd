using Portal.Engine.Events;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Reporting;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Networks.Reporting;

public sealed class ToldNetworksTests
{
    [Fact]
    public async Task AttachAndDetach_OfAContainer_TellOfEachEndpoint()
    {
        var events = new Recorder();
        var networks = new ToldNetworks(new FakeNetworks(), events);

        await networks.AttachAsync(new NetworkAttachment { ContainerId = "c1", ContainerName = "web", Mode = "bridge" });
        await networks.AttachAsync(new NetworkAttachment { ContainerId = "c2", ContainerName = "own", Mode = "host" });
        await networks.DetachAsync("c1");
        await networks.DetachAsync("c1");

        Assert.Equal(
            [$"connect {new string('e', 64)} c1 bridge bridge", $"disconnect {new string('e', 64)} c1 bridge bridge"], events.Told);
    }

    [Fact]
    public async Task Create_Refused_TellsNothing()
    {
        var events = new Recorder();
        var networks = new ToldNetworks(new FakeNetworks(), events);

        await Assert.ThrowsAsync<Errors.EngineException>(() => networks.CreateAsync(new NetworkRequest { Name = "n" }));
        await Assert.ThrowsAsync<Errors.EngineException>(() => networks.RemoveAsync("n"));

        Assert.Empty(events.Told);
    }

    private sealed class Recorder : IEngineEvents
    {
        public List<string> Told { get; } = [];

        public long LastSequence => Told.Count;

        public void Publish(EngineEventType type, string action, string actorId, IReadOnlyDictionary<string, string> attributes)
        {
            Assert.Equal(EngineEventType.Network, type);
            Told.Add($"{action} {actorId} {attributes["container"]} {attributes["name"]} {attributes["type"]}");
        }

        public IAsyncEnumerable<EngineEvent> ReadAsync(long afterSequence, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("Nobody reads in these tests.");
    }
}
