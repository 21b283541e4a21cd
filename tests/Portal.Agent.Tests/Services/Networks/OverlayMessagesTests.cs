using Portal.Agent.Link;
using Portal.Agent.Services.Networks;
using Portal.Agent.Tests.Fakes;
using Portal.Contracts.Networks.V1;
using Portal.Engine.Errors;
using Portal.Engine.Networks;
using EngineState = Portal.Engine.Networks.Ingress.IngressState;

namespace Portal.Agent.Tests.Services.Networks;

/// <summary>What the portal says of networks over nodes, as the engine gets it; whoever sends it need not be in order.</summary>
public sealed class OverlayMessagesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-overlays-");
    private readonly FakeOverlays _overlays = new();
    private readonly OverlayGrpcService _service;

    public OverlayMessagesTests()
    {
        var address = new OverlayAddress("198.18.9.1", new IdentityStore(_folder.FullName));
        _service = new OverlayGrpcService(new FakeNetworks(), _overlays, address, new FakeEvents());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task CheckPorts_TakenByOthers_SaysByWhom()
    {
        _overlays.Taken[new(PortProtocol.Udp, 53)] = "a resolver has it";

        var answer = await _service.CheckPorts(new CheckPortsRequest { Ports = { Port("tcp", 80), Port("udp", 53) } }, null!);

        var taken = Assert.Single(answer.Taken);
        Assert.Equal(("udp", 53, "a resolver has it"), (taken.Port.Protocol, taken.Port.Port, taken.Reason));
    }

    [Fact]
    public async Task CheckPorts_MoreThanThereMayBe_IsRefused()
    {
        var request = new CheckPortsRequest { Ports = { Enumerable.Range(1, 513).Select(port => Port("tcp", port)) } };

        var error = await Assert.ThrowsAsync<EngineException>(() => _service.CheckPorts(request, null!));

        Assert.Equal(EngineErrorKind.InvalidArgument, error.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("TCP")]
    [InlineData("icmp")]
    [InlineData("tcp; flush ruleset")]
    public async Task Protocol_ThatIsNone_IsRefusedWhereverItStands(string protocol)
    {
        await Assert.ThrowsAsync<EngineException>(() => _service.CheckPorts(new CheckPortsRequest { Ports = { Port(protocol, 80) } }, null!));
        Assert.Throws<EngineException>(() => OverlayMapping.ToTable("a", new OverlayTable { Ports = { Port(protocol, 80) } }));
        var target = new IngressTarget { Protocol = protocol, Port = 80, TargetPort = 80 };
        var endpoint = new OverlayEndpoint { Address = "10.77.4.2", Targets = { target } };
        var table = new OverlayTable { Peers = { new OverlayPeer { Endpoints = { endpoint } } } };
        Assert.Throws<EngineException>(() => OverlayMapping.ToTable("a", table));
    }

    [Theory]
    [InlineData(IngressState.Ready, EngineState.Ready)]
    [InlineData(IngressState.Leaving, EngineState.Leaving)]
    [InlineData(IngressState.Unspecified, EngineState.None)]
    [InlineData((IngressState)77, EngineState.None)]
    public void State_AlsoOfALaterRelease_TakesConnectionsOnlyWhereItSaysSo(IngressState told, EngineState expected)
    {
        var endpoint = new OverlayEndpoint
        {
            Address = "10.77.4.2", MacAddress = "02:42:0a:4d:04:02", State = told,
            Targets = { new IngressTarget { Protocol = "sctp", Port = 8080, TargetPort = 80 } },
        };
        var table = OverlayMapping.ToTable("a", new OverlayTable { Version = 3, Peers = { new OverlayPeer { Endpoints = { endpoint } } } });

        var mapped = Assert.Single(Assert.Single(table.Peers).Endpoints);
        Assert.Equal(expected, mapped.State);
        Assert.Equal((PortProtocol.Sctp, 8080, 80), (mapped.Targets[0].Protocol, mapped.Targets[0].Port, mapped.Targets[0].TargetPort));
        Assert.Equal(expected == EngineState.None ? IngressState.Unspecified : told, OverlayMapping.ToEndpoint(mapped).State);
    }

    private static IngressPort Port(string protocol, int port) => new() { Protocol = protocol, Port = port };
}
