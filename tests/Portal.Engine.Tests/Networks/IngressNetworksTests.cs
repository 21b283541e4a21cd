using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Networks.Ingress;
using Portal.Engine.Networks.Overlay;
using Portal.Engine.Storage;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Networks;

/// <summary>What the engine decides of ports at which every node answers, on a host in memory.</summary>
public sealed class IngressNetworksTests : IAsyncLifetime
{
    private const string Far = "10.77.4.2:80";
    private const string FarLast = "10.77.4.3:80";
    private static readonly string s_id = new('a', 64);
    private static readonly IngressPort s_port = new(PortProtocol.Tcp, 8080);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-ingress-");
    private readonly FakeHost _host = new();
    private readonly FakeTimeProvider _time = new();
    private ServiceProvider _services = null!;

    private INetworks Networks => _services.GetRequiredService<INetworks>();

    private IOverlayNetworks Overlays => _services.GetRequiredService<IOverlayNetworks>();

    private IIngress Ingress => _services.GetRequiredService<IIngress>();

    private string Balanced => string.Join("; ", _host.Balanced.Select(port => $"{port.Port} {string.Join(' ', port.Targets)}"));

    public async Task InitializeAsync()
    {
        await RestartAsync();
        await Overlays.EnsureAsync(new NetworkRequest
        {
            Name = "mesh",
            Driver = "overlay",
            Overlay = new OverlayPlace(s_id, 4097, "198.18.9.3"),
            Subnets = [new NetworkSubnet { Subnet = "10.77.0.0/16", IpRange = "10.77.3.0/24", Gateway = "10.77.3.1" }],
        });
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Table_WithPorts_IsAnsweredByReadyReplicasOfAllNodes()
    {
        await Networks.AttachAsync(Attachment("one", "8080:80/tcp"));
        await Overlays.SetPeersAsync(Table(1, s_port));
        Assert.Equal($"8080/tcp {Far}", Balanced);
        Assert.Contains((PortProtocol.Tcp, 8080), _host.Held);

        Ingress.Serve("one", true);
        Assert.Equal($"8080/tcp 10.77.3.0:80 {Far}", Balanced);
        Assert.Equal(IngressState.Ready, Overlays.EndpointsOf(s_id)[0].State);
        Assert.Equal(new IngressTarget(PortProtocol.Tcp, 8080, 80), Assert.Single(Overlays.EndpointsOf(s_id)[0].Targets));

        // Unhealthy, then dead.
        Ingress.Serve("one", false);
        Assert.Equal($"8080/tcp {Far}", Balanced);
        Ingress.Serve("one", true);
        await Networks.DetachAsync("one");
        Assert.Equal($"8080/tcp {Far}", Balanced);

        await Overlays.SetPeersAsync(Table(2));
        Assert.Equal("", Balanced);
        Assert.Empty(_host.Held);
    }

    [Fact]
    public async Task Target_OfAPortThatIsNotTheNetworks_LeadsNowhere()
    {
        await Networks.AttachAsync(Attachment("one", "22:22/tcp"));
        Ingress.Serve("one", true);
        await Overlays.SetPeersAsync(Table(1, s_port));

        Assert.Equal($"8080/tcp {Far}", Balanced);
        Assert.DoesNotContain((PortProtocol.Tcp, 22), _host.Held);
    }

    [Fact]
    public async Task Table_WithNobodyReady_LeadsToThoseThatAreLeaving()
    {
        await Networks.AttachAsync(Attachment("one", "8080:80/tcp"));
        Ingress.Serve("one", true);
        var leaving = Table(1, s_port) with { Peers = [Peer(IngressState.Leaving)] };
        await Overlays.SetPeersAsync(leaving);
        Assert.Equal("8080/tcp 10.77.3.0:80", Balanced);

        Ingress.Serve("one", false);
        Assert.Equal($"8080/tcp {Far} {FarLast}", Balanced);
        await Overlays.SetPeersAsync(leaving with { Version = 2, Peers = [Peer(IngressState.None)] });
        Assert.Equal("", Balanced);
    }

    [Fact]
    public async Task Restart_WithoutThePortal_GoesOnAsItWas()
    {
        await Networks.AttachAsync(Attachment("one", "8080:80/tcp"));
        Ingress.Serve("one", true);
        await Overlays.SetPeersAsync(Table(1, s_port));

        await RestartAsync();

        Assert.Equal($"8080/tcp 10.77.3.0:80 {Far}", Balanced);
        Assert.Contains((PortProtocol.Tcp, 8080), _host.Held);
    }

    [Fact]
    public async Task Port_ThatAProgramOfTheHostHas_IsToldAndTakenOnceItIsFree()
    {
        _host.HostProcesses.Add(8080);
        Assert.Equal([s_port], Overlays.FindTaken([s_port, new IngressPort(PortProtocol.Udp, 53)]).Keys);
        Assert.Empty(_host.Held);
        await Overlays.SetPeersAsync(Table(1, s_port));
        Assert.Equal("", Balanced);
        Assert.Contains("8080", Overlays.IngressProblem(s_id));

        _host.HostProcesses.Clear();
        Overlays.Confirm(s_id, []);

        Assert.Equal($"8080/tcp {Far}", Balanced);
        Assert.Equal("", Overlays.IngressProblem(s_id));
        Assert.Empty(Overlays.FindTaken([s_port]));
    }

    [Fact]
    public async Task Leave_WaitsUntilTheOthersKnow()
    {
        await Networks.AttachAsync(Attachment("one", "8080:80/tcp"));
        Ingress.Serve("one", true);
        await Overlays.SetPeersAsync(Table(1, s_port));
        Overlays.Confirm(s_id, []);

        var told = 0;
        var leaving = Ingress.LeaveAsync("one", () => told++);
        Assert.Equal((1, $"8080/tcp {Far}"), (told, Balanced));
        Assert.Equal(IngressState.Leaving, Overlays.EndpointsOf(s_id)[0].State);

        // A probe that succeeds meanwhile does not bring it back.
        Ingress.Serve("one", true);
        Overlays.Confirm(s_id, ["10.77.3.9"]);
        Assert.Equal($"8080/tcp {Far}", Balanced);
        Assert.False(leaving.IsCompleted);
        Overlays.Confirm(s_id, ["10.77.3.0"]);
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return leaving.IsCompletedSuccessfully;
            },
            "it may be ended");
    }

    [Fact]
    public async Task Leave_WithNobodyToTellTheOthers_DoesNotWait()
    {
        await Networks.AttachAsync(Attachment("one", "8080:80/tcp"));
        Ingress.Serve("one", true);
        await Ingress.LeaveAsync("one", () => Assert.Fail("No port leads to it."));
        await Overlays.SetPeersAsync(Table(1, s_port));
        Overlays.Confirm(s_id, []);

        _time.Advance(TimeSpan.FromMinutes(5));
        await Ingress.LeaveAsync("one", () => Assert.Fail("The portal is away."));

        Assert.Equal($"8080/tcp {Far}", Balanced);
    }

    [Fact]
    public async Task Leave_CalledOff_ServesAgain()
    {
        await Networks.AttachAsync(Attachment("one", "8080:80/tcp"));
        Ingress.Serve("one", true);
        await Overlays.SetPeersAsync(Table(1, s_port));
        Overlays.Confirm(s_id, []);
        using var calledOff = new CancellationTokenSource();

        var leaving = Ingress.LeaveAsync("one", () => { }, calledOff.Token);
        await calledOff.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Assert.Equal($"8080/tcp 10.77.3.0:80 {Far}", Balanced);
    }

    [Theory]
    [InlineData("8080")]
    [InlineData("8080:80")]
    [InlineData("0:80/tcp")]
    [InlineData("65536:80/tcp")]
    [InlineData("8080:80/icmp")]
    [InlineData("8080:80/tcp; flush ruleset")]
    [InlineData("8080:80/tcp,8080:81/tcp")]
    [InlineData("")]
    public async Task Attach_WithAnOptionThatIsNone_IsRefused(string option)
    {
        var error = await Assert.ThrowsAsync<EngineException>(() => Networks.AttachAsync(Attachment("one", option)));

        Assert.Equal(EngineErrorKind.InvalidArgument, error.Kind);
        Assert.Empty(_host.Namespaces);
    }

    [Theory]
    [InlineData(0, 80)]
    [InlineData(8080, 0)]
    [InlineData(70000, 80)]
    public async Task SetPeers_WithAPortThatIsNone_IsRefused(int port, int target)
    {
        var peer = Peer(IngressState.Ready, new IngressTarget(PortProtocol.Tcp, port, target));
        var table = new OverlayTable(s_id, 1) { Ports = [s_port], Peers = [peer] };

        await Assert.ThrowsAsync<EngineException>(() => Overlays.SetPeersAsync(table));
        await Assert.ThrowsAsync<EngineException>(() => Overlays.SetPeersAsync(Table(1, new IngressPort((PortProtocol)9, 80))));
        await Assert.ThrowsAsync<EngineException>(() => Overlays.SetPeersAsync(Table(1, s_port, s_port)));

        Assert.Equal("", Balanced);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.78.0.2")]
    [InlineData("192.0.2.1")]
    public async Task SetPeers_WithAnAddressOutsideOfTheNetwork_IsRefused(string address)
    {
        var endpoint = Peer(IngressState.Ready).Endpoints[0] with { Address = address };
        var table = new OverlayTable(s_id, 1) { Ports = [s_port], Peers = [new OverlayPeer("198.18.9.2") { Endpoints = [endpoint] }] };

        var error = await Assert.ThrowsAsync<EngineException>(() => Overlays.SetPeersAsync(table));

        Assert.Equal(EngineErrorKind.InvalidArgument, error.Kind);
        Assert.Equal("", Balanced);
        Assert.Equal(0, Overlays.Versions()[s_id]);
    }

    [Fact]
    public async Task SetPeers_WithMorePortsThanThereMayBe_IsRefused()
    {
        var ports = Enumerable.Range(1, 513).Select(port => new IngressPort(PortProtocol.Tcp, port));

        await Assert.ThrowsAsync<EngineException>(() => Overlays.SetPeersAsync(Table(1, [.. ports])));

        Assert.Empty(_host.Held);
    }

    [Fact]
    public async Task Network_ThatIsRemoved_TakesItsPortsAlong()
    {
        await Overlays.SetPeersAsync(Table(1, s_port));

        await Networks.RemoveAsync(s_id);

        Assert.Equal("", Balanced);
        Assert.Empty(_host.Held);
    }

    private static OverlayTable Table(long version, params IngressPort[] ports) =>
        new(s_id, version) { Ports = ports, Peers = [Peer(IngressState.Ready)] };

    private static OverlayPeer Peer(IngressState state, IngressTarget? target = null)
    {
        target ??= new IngressTarget(PortProtocol.Tcp, 8080, 80);
        return new OverlayPeer("198.18.9.2")
        {
            Endpoints =
            [
                new OverlayEndpoint("10.77.4.2", "02:42:0a:4d:04:02") { Targets = [target], State = state },
                new OverlayEndpoint("10.77.4.3", "02:42:0a:4d:04:03")
                {
                    Targets = [target], State = state == IngressState.Ready ? IngressState.Leaving : state,
                },
            ],
        };
    }

    private static NetworkAttachment Attachment(string id, string option) => new()
    {
        ContainerId = id,
        ContainerName = id,
        Mode = "mesh",
        Networks =
        [
            new NetworkConnection { Network = "mesh", DriverOptions = new Dictionary<string, string> { [IngressTarget.Option] = option } },
        ],
    };

    private async Task RestartAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(new EngineOptions { Name = "unit", DataRoot = _folder.FullName + "/data", RunRoot = _folder.FullName + "/run" })
            .AddSingleton<TimeProvider>(_time)
            .AddSingleton<INetworkDriver>(_host)
            .AddSingleton<INetworkDriver>(new FakeOverlays(_host))
            .AddSingleton<INetworkNamespaces>(_host)
            .AddSingleton<INetworkFirewall>(_host)
            .AddSingleton<IHostPorts>(_host)
            .AddSingleton<IHostSubnets>(_host)
            .AddSingleton<INameServerSockets>(_host)
            .AddSingleton<IDurableFiles, PlainFiles>()
            .AddEngineNetworks()
            .BuildServiceProvider();
        await _services.GetRequiredService<INetworks>().ReconcileAsync(_host.Namespaces.ToHashSet());
    }
}
