using Portal.Contracts.Containers.V1;
using Portal.Contracts.Networks.V1;
using Portal.Web.Features.Networks.Listing;
using Portal.Web.Features.Networks.Topology;
using Portal.Web.Nodes;
using Endpoint = Portal.Contracts.Networks.V1.Endpoint;

namespace Portal.Web.Tests.Features.Networks;

public sealed class NodeTopologyTests
{
    [Fact]
    public void Of_RowsOfANode_CrossesLanesWithContainers()
    {
        var web = new Endpoint { ContainerId = "1", ContainerName = "web", Running = true };
        web.Ports.Add(new PortBinding { ContainerPort = 80, HostPort = 8080, Protocol = PortProtocol.Tcp });
        var topology = NodeTopology.Of("n",
        [
            Row("bridge", predefined: true),
            Row("empty", predefined: false),
            Row("back", predefined: false, new Endpoint { ContainerId = "1", ContainerName = "web", Running = true }),
            Row("front", predefined: false, web, new Endpoint { ContainerId = "2", ContainerName = "api" }),
        ]);

        Assert.Equal(["front", "back", "empty"], topology.Lanes.Select(lane => lane.Name));
        Assert.Equal(["api: 0", "web: 0,1"], topology.Containers.Select(one => $"{one.Name}: {string.Join(',', one.Places.Keys.Order())}"));
        Assert.Equal(["0.0.0.0:8080->80/tcp"], topology.Containers[1].Ports);
    }

    [Fact]
    public void Of_WhoMayNotSeeContainers_HasLanesAlone()
    {
        var row = Row("front", predefined: false, showsContainers: false, new Endpoint { ContainerId = "1", ContainerName = "secret" });

        var topology = NodeTopology.Of("n", [row]);

        Assert.Single(topology.Lanes);
        Assert.Empty(topology.Containers);
    }

    private static NetworkRow Row(string name, bool predefined, params Endpoint[] endpoints) => Row(name, predefined, true, endpoints);

    private static NetworkRow Row(string name, bool predefined, bool showsContainers, params Endpoint[] endpoints)
    {
        var network = new Network { Name = name, Driver = "bridge", Predefined = predefined, RunningContainers = endpoints.Length };
        network.Endpoints.AddRange(endpoints);
        return new NetworkRow(new NodeState { Id = Guid.Empty, Name = "n", Presence = NodePresence.Online }, network, showsContainers);
    }
}
