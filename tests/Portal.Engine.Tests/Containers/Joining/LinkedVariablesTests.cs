using Portal.Engine.Containers;
using Portal.Engine.Containers.Joining;
using Portal.Engine.Networks;

namespace Portal.Engine.Tests.Containers.Joining;

public sealed class LinkedVariablesTests
{
    /// <summary>What dockerd 20.10.24 sets for the same two containers.</summary>
    [Fact]
    public void Of_PortsAndVariables_AreDockers()
    {
        var linked = new ContainerSpec
        {
            Image = "busy",
            Environment = ["PATH=/bin", "HOME=/root", "COLOR=red", "EMPTY="],
            ExposedPorts = ["443/tcp", "80/tcp", "53/udp", "53", "7000/tcp", "7001/tcp", "7002/tcp", "7003/tcp"],
            Ports = [new PortBinding { ContainerPort = 9090, HostPort = 9090 }],
        };

        var variables = LinkedVariables.Of("app", "the-db.x", "172.17.0.2", linked).ToArray();

        Assert.Equal(
            [
                "THE_DB.X_PORT=tcp://172.17.0.2:53",
                "THE_DB.X_PORT_7000_TCP_START=tcp://172.17.0.2:7000",
                "THE_DB.X_PORT_7000_TCP_ADDR=172.17.0.2",
                "THE_DB.X_PORT_7000_TCP_PROTO=tcp",
                "THE_DB.X_PORT_7000_TCP_PORT_START=7000",
                "THE_DB.X_PORT_7000_TCP_END=tcp://172.17.0.2:7003",
                "THE_DB.X_PORT_7000_TCP_PORT_END=7003",
                "THE_DB.X_PORT_53_TCP=tcp://172.17.0.2:53",
                "THE_DB.X_PORT_53_TCP_ADDR=172.17.0.2",
                "THE_DB.X_PORT_53_TCP_PORT=53",
                "THE_DB.X_PORT_53_TCP_PROTO=tcp",
                "THE_DB.X_PORT_53_UDP=udp://172.17.0.2:53",
                "THE_DB.X_PORT_53_UDP_ADDR=172.17.0.2",
                "THE_DB.X_PORT_53_UDP_PORT=53",
                "THE_DB.X_PORT_53_UDP_PROTO=udp",
                "THE_DB.X_PORT_80_TCP=tcp://172.17.0.2:80",
            ],
            variables[..16]);
        Assert.Equal(
            ["THE_DB.X_PORT_9090_TCP_PROTO=tcp", "THE_DB.X_NAME=/app/the-db.x", "THE_DB.X_ENV_COLOR=red", "THE_DB.X_ENV_EMPTY="],
            variables[^4..]);
    }

    [Fact]
    public void Of_NoPorts_NamesItAlone()
    {
        var variables = LinkedVariables.Of("app", "db", "172.17.0.2", new ContainerSpec { Image = "busy" });

        Assert.Equal(["DB_NAME=/app/db"], variables);
    }

    /// <summary>Two in a row are no range for Docker.</summary>
    [Fact]
    public void Of_TwoPortsInARow_AreNoRange()
    {
        var spec = new ContainerSpec { Image = "busy", ExposedPorts = ["80/tcp", "81/tcp"] };

        Assert.DoesNotContain(
            LinkedVariables.Of("app", "db", "172.17.0.2", spec), variable => variable.Contains("_START", StringComparison.Ordinal));
    }
}
