using System.Text.Json.Nodes;
using Portal.Compose.Docker;
using Portal.Compose.Loading;
using Portal.Compose.Model;

namespace Portal.Compose.Tests.Loading;

/// <summary>Which ports of a project over nodes every node answers at, and what its containers say of it.</summary>
public sealed class IngressPortTests
{
    [Theory]
    [InlineData("'8080:80'", "8080/tcp")]
    [InlineData("'0.0.0.0:8080:80'", "8080/tcp")]
    [InlineData("'8080-8080:80/udp'", "8080/udp")]
    [InlineData("'8080-8081:80-81'", "8080/tcp 8081/tcp")]
    [InlineData("{target: 80, published: '8080', mode: ingress}", "8080/tcp")]
    [InlineData("{target: 80, published: '8080', mode: host}", "")]
    [InlineData("'127.0.0.1:8080:80'", "")]
    [InlineData("'[::]:8080:80'", "")]
    [InlineData("'8080-8090:80'", "")]
    [InlineData("'80'", "")]
    public void Port_OfAProjectOverNodes_IsOfEveryNodeWhereItHasOneNumberAndNoAddress(string port, string expected)
    {
        var service = Load($"services: {{web: {{image: a, ports: [{port}]}}}}").Service();

        Assert.Equal(expected, string.Join(' ', service.Ports.Where(one => one.IsIngress)));
        Assert.Equal(expected.Length > 0 ? "default" : null, service.IngressNetwork);
    }

    [Theory]
    [InlineData("networks: {default: {internal: true}}", null)]
    [InlineData("networks: {default: {driver: bridge}}", null)]
    [InlineData("networks: {default: {external: true, name: x}}", null)]
    [InlineData("networks: {default: {driver: overlay}}", "default")]
    public void Network_ThatDoesNotSpanNodesOrLeadsNowhere_LeavesPortsToTheirNode(string networks, string? expected) =>
        Assert.Equal(expected, Load($"services: {{web: {{image: a, ports: ['8080:80']}}}}\n{networks}").Service().IngressNetwork);

    [Fact]
    public void Network_OfSeveral_IsTheFirstThatLeadsOutside()
    {
        const string text = "services: {web: {image: a, ports: ['8080:80'], networks: {front: {priority: 1}, back: {priority: 9}, most: {}}}}\n"
            + "networks: {front: {}, back: {internal: true}, most: {}}";

        Assert.Equal("front", Load(text).Service().IngressNetwork);
    }

    [Fact]
    public void Port_OfAProjectOfOneNode_IsOfThatNode()
    {
        const string text = "services: {web: {image: a, ports: ['8080:80']}}";

        Assert.DoesNotContain(Projects.Load(text).Service().Ports, port => port.IsIngress);
        Assert.NotEqual(Projects.Load(text).Service().Hash, Load(text).Service().Hash);
    }

    [Fact]
    public void Hash_WithoutSuchPorts_IsTheSameAsEver()
    {
        const string text = "services: {web: {image: a, ports: ['127.0.0.1:8080:80']}}";

        Assert.Equal(Projects.Load(text).Service().Hash, Load(text).Service().Hash);
    }

    [Fact]
    public void Body_OfAContainer_SaysWhatItAnswersAndPublishesTheRest()
    {
        const string text = "services: {web: {image: a, ports: ['8080:80', '53:5353/udp', {target: 9, published: '9', mode: host}], "
            + "networks: {near: {}, default: {driver_opts: {portal.ingress: '1:1/tcp', com.docker.network.endpoint.ifname: a0}}}}}\n"
            + "networks: {near: {driver: bridge}}";
        var project = Projects.Right(Load(text));

        var none = new Dictionary<string, string>();
        var body = ContainerBody.Of(project, project.Services[0], new ContainerPlace("shop-web-1", 1, "a", "sha256:1", none, none, none));

        Assert.Equal(["9/tcp"], ((JsonObject)body["HostConfig"]!["PortBindings"]!).Select(port => port.Key));
        var endpoints = (JsonObject)body["NetworkingConfig"]!["EndpointsConfig"]!;
        Assert.Equal("8080:80/tcp,53:5353/udp", (string?)endpoints["shop_default"]!["DriverOpts"]!["portal.ingress"]);
        Assert.Equal("a0", (string?)endpoints["shop_default"]!["DriverOpts"]!["com.docker.network.endpoint.ifname"]);
        Assert.Null(endpoints["shop_near"]!["DriverOpts"]);
    }

    [Theory]
    [InlineData("web: {image: a, ports: ['8080:80', '8080:81']}", "leads to 80 and 81")]
    [InlineData("web: {image: a, ports: ['1000-1128:1000-1128']}", "More than 128")]
    [InlineData("web: {image: a, ports: ['8080:80']}, other: {image: a, ports: ['8080:80']}", "publishes port 8080/tcp too")]
    public void Ports_ThatCantBe_AreToldBeforeAnythingIsDone(string services, string expected) =>
        Assert.Contains(expected, Projects.OneError(Load($"services: {{{services}}}")).Message, StringComparison.Ordinal);

    private static ComposeResult Load(string text) =>
        Projects.Load(new ComposeOptions { ProjectName = "shop", IsSpread = true }, ("compose.yaml", text));
}
