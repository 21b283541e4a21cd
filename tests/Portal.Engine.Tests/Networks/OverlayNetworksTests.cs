using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Networks.Orchestration;
using Portal.Engine.Networks.Overlay;
using Portal.Engine.Storage;

namespace Portal.Engine.Tests.Networks;

/// <summary>What the engine decides of networks that span nodes, on a host in memory.</summary>
public sealed class OverlayNetworksTests : IAsyncLifetime
{
    private static readonly string s_id = new('a', 64);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-overlays-");
    private readonly FakeHost _host = new();
    private readonly FakeOverlays _overlays;
    private ServiceProvider _services = null!;

    public OverlayNetworksTests()
    {
        _overlays = new FakeOverlays(_host);
    }

    private INetworks Networks => _services.GetRequiredService<INetworks>();

    private IOverlayNetworks Overlays => _services.GetRequiredService<IOverlayNetworks>();

    public Task InitializeAsync() => RestartAsync();

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Create_WithoutAPlaceAmongNodes_SaysWhoMakesIt()
    {
        var error = await Assert.ThrowsAsync<EngineException>(
            () => Networks.CreateAsync(new NetworkRequest { Name = "mesh", Driver = "overlay", IsAttachable = true }));

        Assert.Equal(EngineErrorKind.Unavailable, error.Kind);
        Assert.Contains("the portal makes it", error.Message);
        Assert.DoesNotContain(await Networks.ListAsync(), network => network.Name == "mesh");
    }

    [Fact]
    public async Task Attach_OnANodesPart_GivesItsAddressesAlone()
    {
        await Overlays.EnsureAsync(Request());
        var sandbox = await Networks.AttachAsync(Attachment("one", "web"));
        var stolen = Attachment("two", "thief") with { Networks = [new NetworkConnection { Network = "mesh", Address = "10.77.9.5" }] };

        var endpoint = Assert.Single(sandbox.Endpoints);
        Assert.Equal(("10.77.3.0", 16, "10.77.3.1"), (endpoint.Address, endpoint.PrefixLength, endpoint.Gateway));
        var error = await Assert.ThrowsAsync<EngineException>(() => Networks.AttachAsync(stolen));
        Assert.Contains("other nodes have the rest", error.Message);
        Assert.Equal(
            ["10.77.3.0 02:42:0a:4d:03:00 web,one,host,svc", "10.77.3.1 02:42:0a:4d:03:01 "],
            Overlays.EndpointsOf(s_id).Select(told => $"{told.Address} {told.MacAddress} {string.Join(',', told.Names)}"));
        await Networks.DetachAsync("one");
        Assert.Equal("10.77.3.1", Assert.Single(Overlays.EndpointsOf(s_id)).Address);
    }

    [Fact]
    public async Task SetPeers_ThenARestart_ArmsTheKernelAgain()
    {
        await Overlays.EnsureAsync(Request());
        Assert.Equal(0, Overlays.Versions()[s_id]);
        await Overlays.SetPeersAsync(Table(7));
        Assert.Equal(7, Overlays.Versions()[s_id]);

        _overlays.Told.Clear();
        await RestartAsync();

        Assert.Equal(7, Overlays.Versions()[s_id]);
        Assert.Equal("198.18.9.2", Assert.Single(Assert.Single(_overlays.Told)).NodeAddress);
        Assert.Equal(["198.18.9.2"], (await Networks.ListAsync()).Single(network => network.Name == "mesh").Peers);
    }

    [Fact]
    public async Task SetPeers_RulesCannotBeWritten_IsNotTakenForTold()
    {
        await Overlays.EnsureAsync(Request());
        _host.Failing = nameof(FakeHost.Apply);

        await Assert.ThrowsAsync<EngineException>(() => Overlays.SetPeersAsync(Table(7)));

        Assert.Equal(0, Overlays.Versions()[s_id]);
        _host.Failing = null;
        await Overlays.SetPeersAsync(Table(7));
        Assert.Equal(7, Overlays.Versions()[s_id]);
    }

    [Theory]
    [InlineData("198.18.9.2", "10.77.4.2", "02:42:0a:4d:04:02; flush ruleset")]
    [InlineData("198.18.9.2 } drop", "10.77.4.2", "02:42:0a:4d:04:02")]
    [InlineData("198.18.9.2", "010.77.4.2", "02:42:0a:4d:04:02")]
    [InlineData("198.18.9.2", "198.18.9.2", "02:42:0a:4d:04:02")]
    [InlineData("fd00::2", "10.77.4.2", "02:42:0a:4d:04:02")]
    [InlineData("198.18.9.2", "10.77.4.2", "03:42:0a:4d:04:02")]
    public async Task SetPeers_HostileTable_IsRefusedAndChangesNothing(string node, string address, string mac)
    {
        await Overlays.EnsureAsync(Request());
        _overlays.Told.Clear();

        var table = new OverlayTable(s_id, 8) { Peers = [new OverlayPeer(node) { Endpoints = [new OverlayEndpoint(address, mac)] }] };
        var error = await Assert.ThrowsAsync<EngineException>(() => Overlays.SetPeersAsync(table));

        Assert.Equal(EngineErrorKind.InvalidArgument, error.Kind);
        Assert.Empty(_overlays.Told);
        Assert.Equal(0, Overlays.Versions()[s_id]);
    }

    [Fact]
    public async Task Ensure_Again_FollowsTheNodesAddressAndRefusesOtherNumbers()
    {
        await Overlays.EnsureAsync(Request());
        await Overlays.SetPeersAsync(Table(7));
        var moved = Request() with { Overlay = new OverlayPlace(s_id, 4097, "198.18.9.30") };
        await Overlays.EnsureAsync(moved);

        Assert.Equal("198.18.9.30", (await Networks.ListAsync()).Single(network => network.Name == "mesh").Overlay!.NodeAddress);
        Assert.Equal(2, _overlays.Told.Count);
        var other = Request() with { Overlay = new OverlayPlace(s_id, 4098, "198.18.9.30") };
        var error = await Assert.ThrowsAsync<EngineException>(() => Overlays.EnsureAsync(other));
        Assert.Equal(EngineErrorKind.Conflict, error.Kind);
    }

    [Fact]
    public async Task Remove_Network_ForgetsItsTable()
    {
        await Overlays.EnsureAsync(Request());
        await Overlays.SetPeersAsync(Table(7));
        await Networks.RemoveAsync("mesh");

        Assert.Empty(Overlays.Versions());
        Assert.Empty(_folder.GetFiles(s_id + ".json", SearchOption.AllDirectories));
        await Assert.ThrowsAsync<EngineException>(() => Overlays.SetPeersAsync(Table(8)));
    }

    [Theory]
    [InlineData(0, "198.18.9.3", "10.77.3.0/24", "10.77.3.1")]
    [InlineData(16777216, "198.18.9.3", "10.77.3.0/24", "10.77.3.1")]
    [InlineData(1, "fd00::3", "10.77.3.0/24", "10.77.3.1")]
    [InlineData(1, "198.18.9.3", "", "10.77.3.1")]
    [InlineData(1, "198.18.9.3", "10.77.3.0/24", "10.77.4.1")]
    public async Task Ensure_UnfitPlace_IsRefused(int vni, string node, string range, string gateway)
    {
        var request = Request() with
        {
            Overlay = new OverlayPlace(s_id, vni, node),
            Subnets = [new NetworkSubnet { Subnet = "10.77.0.0/16", IpRange = range, Gateway = gateway }],
        };

        var error = await Assert.ThrowsAsync<EngineException>(() => Overlays.EnsureAsync(request));

        Assert.Equal(EngineErrorKind.InvalidArgument, error.Kind);
        Assert.Empty(Overlays.Versions());
    }

    private static NetworkRequest Request() => new()
    {
        Name = "mesh",
        Driver = "overlay",
        Overlay = new OverlayPlace(s_id, 4097, "198.18.9.3"),
        Subnets = [new NetworkSubnet { Subnet = "10.77.0.0/16", IpRange = "10.77.3.0/24", Gateway = "10.77.3.1" }],
    };

    private static NetworkAttachment Attachment(string id, string name) => new()
    {
        ContainerId = id,
        ContainerName = name,
        Hostname = "host",
        Mode = "mesh",
        Networks = [new NetworkConnection { Network = "mesh", Aliases = ["svc"] }],
    };

    private static OverlayTable Table(long version) => new(s_id, version)
    {
        Peers =
        [
            new OverlayPeer("198.18.9.2")
            {
                Endpoints = [new OverlayEndpoint("10.77.4.2", "02:42:0a:4d:04:02") { Names = ["far"] }],
            },
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
            .AddSingleton<INetworkDriver>(_host)
            .AddSingleton<INetworkDriver>(_overlays)
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
