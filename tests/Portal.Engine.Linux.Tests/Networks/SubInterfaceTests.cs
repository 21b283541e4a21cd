using System.Net;
using System.Net.Sockets;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Linux.Networks.Namespaces;
using Portal.Engine.Networks;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Networks;

/// <summary>macvlan and ipvlan on a cable to another machine, which is a namespace.</summary>
public sealed class SubInterfaceTests : IAsyncLifetime
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(300);
    private static readonly byte[] s_query = [1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, (byte)'w', (byte)'e', (byte)'b', 0, 0, 1, 0, 1];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-lan-");
    private readonly string _parent = "t" + Random.Shared.Next(0x1000000).ToString("x6") + "lan";
    private readonly string _prefix = $"10.{Random.Shared.Next(100, 250)}.{Random.Shared.Next(250)}";
    private NetworksHost _host = null!;
    private LinuxNetworkNamespaces _namespaces = null!;
    private string _lan = null!;

    public async Task InitializeAsync()
    {
        _host = await NetworksHost.StartAsync();
        _namespaces = new LinuxNetworkNamespaces(new EngineOptions { Name = "t", DataRoot = _folder.FullName, RunRoot = _folder.FullName });
        _lan = _namespaces.Create("lan");
        using var routes = RouteSocket.Open();
        using (var handle = NamespaceCalls.Open(_lan))
        {
            routes.AddVeth(new VethPair(_parent, 0, "eth0", [2, 0, 0, 0, 0, 1], 1500), (int)handle.DangerousGetHandle());
        }

        using var inside = NamespaceThread.Run(_lan, RouteSocket.Open);
        inside.AddAddress(inside.GetLink("eth0").Index, IPAddress.Parse($"{_prefix}.1"), 24);
        inside.SetUp(inside.GetLink("eth0").Index);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        using (var routes = RouteSocket.Open())
        {
            routes.Delete(_parent);
        }

        _namespaces.Remove("lan");
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Macvlan_OnAParent_IsANeighbourOfTheMachinesThere()
    {
        await CreateAsync("lan", "macvlan");
        var sandbox = await _host.AttachToAsync("lan", "web", new PortBinding { ContainerPort = 80 });
        var address = IPAddress.Parse(sandbox.Endpoints[0].Address);
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 80);
        using var there = EchoServer.Tcp(_lan, 80);

        Assert.Equal($"{_prefix}.2", address.ToString());
        Assert.Equal(address.ToString(), await EchoClient.TcpAsync(sandbox.NamespacePath, IPAddress.Parse($"{_prefix}.1"), 80));
        Assert.Equal($"{_prefix}.1", await EchoClient.TcpAsync(_lan, address, 80));
        Assert.Empty(sandbox.Ports);
        Assert.Null(sandbox.Endpoints[0].HostInterfaceName);
    }

    [Theory]
    [InlineData("bridge", true)]
    [InlineData("private", false)]
    public async Task Macvlan_Mode_DecidesWhetherContainersMeet(string mode, bool meet)
    {
        await CreateAsync("lan", "macvlan", ("macvlan_mode", mode));
        var web = await _host.AttachToAsync("lan", "web");
        var other = await _host.AttachToAsync("lan", "other");
        using var server = EchoServer.Tcp(web.NamespacePath, 80);

        var answer = await EchoClient.TcpAsync(other.NamespacePath, IPAddress.Parse(web.Endpoints[0].Address), 80, meet ? null : s_short);

        Assert.Equal(meet, answer is not null);
    }

    [Fact]
    public async Task Macvlan_Passthru_IsForOneContainer()
    {
        await CreateAsync("lan", "macvlan", ("macvlan_mode", "passthru"));
        var sandbox = await _host.AttachToAsync("lan", "web");
        using var there = EchoServer.Tcp(_lan, 80);

        Assert.NotNull(await EchoClient.TcpAsync(sandbox.NamespacePath, IPAddress.Parse($"{_prefix}.1"), 80));
        await Assert.ThrowsAsync<EngineException>(() => _host.AttachToAsync("lan", "other"));
        Assert.Null(_host.Namespaces.Find("other"));
        Assert.NotNull(await EchoClient.TcpAsync(sandbox.NamespacePath, IPAddress.Parse($"{_prefix}.1"), 80));
    }

    [Fact]
    public async Task Macvlan_DetachAndAttach_GivesTheSameAddressAgainAtOnce()
    {
        await CreateAsync("lan", "macvlan");
        for (var round = 0; round < 10; round++)
        {
            var sandbox = await _host.AttachToAsync("lan", "web");
            await _host.Networks.DetachAsync("web");
            Assert.StartsWith($"{_prefix}.", sandbox.Endpoints[0].Address, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Macvlan_WithoutAParent_ReachesItsOwnAlone()
    {
        await _host.Networks.CreateAsync(new NetworkRequest { Name = "own", Driver = "macvlan", IsInternal = true });
        var link = (await _host.Networks.ListAsync()).Single(network => network.Name == "own").InterfaceName;
        var web = await _host.AttachToAsync("own", "web");
        var other = await _host.AttachToAsync("own", "other");
        using var server = EchoServer.Tcp(web.NamespacePath, 80);

        Assert.NotNull(await EchoClient.TcpAsync(other.NamespacePath, IPAddress.Parse(web.Endpoints[0].Address), 80));
        Assert.False(web.Endpoints[0].HasDefaultRoute);
        Assert.True(Directory.Exists($"/sys/class/net/{link}"));
        await _host.Networks.DetachAsync("web");
        await _host.Networks.DetachAsync("other");
        await _host.Networks.RemoveAsync("own");
        Assert.False(Directory.Exists($"/sys/class/net/{link}"));
        Assert.True(Directory.Exists($"/sys/class/net/{_parent}"));
    }

    [Fact]
    public async Task Names_WithoutAGateway_AreAnsweredInsideAlsoAfterARestart()
    {
        await CreateAsync("lan", "macvlan");
        var web = await _host.AttachToAsync("lan", "web");
        var other = await _host.AttachToAsync("lan", "other");

        Assert.Equal("127.0.0.11", other.Endpoints[0].NameServer);
        Assert.Equal(web.Endpoints[0].Address, await AskAsync(other.NamespacePath!));
        await _host.RestartAsync("web", "other");
        Assert.Equal(web.Endpoints[0].Address, await AskAsync(other.NamespacePath!));
        await _host.Networks.DetachAsync("other");
        Assert.Null(_host.Namespaces.Find("other"));
    }

    [Fact]
    public async Task Create_SameParentTwice_IsRefusedInDockersWords()
    {
        await CreateAsync("lan", "macvlan");

        var refused = await Assert.ThrowsAsync<EngineException>(() => _host.Networks.CreateAsync(new NetworkRequest
        {
            Name = "again",
            Driver = "macvlan",
            Options = new Dictionary<string, string> { ["parent"] = _parent },
        }));

        Assert.Contains($"network lan is already using parent interface {_parent}", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await _host.Networks.ListAsync(), network => network.Name == "again");
    }

    [Fact]
    public async Task Create_ParentThatIsNotThere_SaysWhatWouldBe()
    {
        var refused = await Assert.ThrowsAsync<EngineException>(() => _host.Networks.CreateAsync(new NetworkRequest
        {
            Name = "lan",
            Driver = "macvlan",
            Options = new Dictionary<string, string> { ["parent"] = "none7" },
        }));

        Assert.Equal(EngineErrorKind.InvalidArgument, refused.Kind);
        Assert.Contains("such as eth0.10", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await _host.Networks.ListAsync(), network => network.Name == "lan");
    }

    private Task<NetworkSummary> CreateAsync(string name, string driver, params (string Name, string Value)[] options)
    {
        var all = new Dictionary<string, string> { ["parent"] = _parent };
        foreach (var option in options)
        {
            all[option.Name] = option.Value;
        }

        return _host.Networks.CreateAsync(new NetworkRequest
        {
            Name = name,
            Driver = driver,
            Subnets = [new NetworkSubnet { Subnet = $"{_prefix}.0/24", Gateway = $"{_prefix}.1" }],
            Options = all,
        });
    }

    private static async Task<string> AskAsync(string namespacePath)
    {
        var buffer = new byte[512];
        const int Attempts = 150;
        for (var attempt = 0; attempt <= Attempts; attempt++)
        {
            using var patience = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromMilliseconds(500)));
            try
            {
                using var socket = EchoServer.Make(namespacePath, SocketType.Dgram, ProtocolType.Udp);
                await socket.ConnectAsync(IPAddress.Parse("127.0.0.11"), 53);
                await socket.SendAsync(s_query, patience.Token);
                var length = await socket.ReceiveAsync(buffer, patience.Token);
                return new IPAddress(buffer[(length - 4)..length]).ToString();
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException)
            {
                // A refusal comes at once: the server of an engine that has just started is given time to open its socket.
                Assert.True(attempt < Attempts, failure.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }

        return "";
    }
}
