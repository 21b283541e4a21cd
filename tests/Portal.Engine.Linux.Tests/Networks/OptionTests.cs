using System.Net;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Networks.Namespaces;
using Portal.Engine.Networks;

namespace Portal.Engine.Linux.Tests.Networks;

/// <summary>Docker's options of bridges and endpoints, on the real kernel.</summary>
public sealed class OptionTests : IAsyncLifetime
{
    private const string Bridge = "com.docker.network.bridge.";
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(300);

    private readonly string _prefix = $"10.{Random.Shared.Next(100, 250)}.{Random.Shared.Next(250)}";
    private NetworksHost _host = null!;
    private OutsideHost _outside = null!;

    public async Task InitializeAsync()
    {
        _host = await NetworksHost.StartAsync();
        _outside = OutsideHost.Start();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _outside.DisposeAsync();
    }

    [Fact]
    public async Task GatewayMode_Routed_OpensThePublishedPortAtTheContainersAddressAlone()
    {
        await CreateAsync("own", (Bridge + "gateway_mode_ipv4", "routed"));
        var sandbox = await _host.AttachToAsync("own", "web", new PortBinding { ContainerPort = 80, HostPort = 8080 });
        var address = IPAddress.Parse(sandbox.Endpoints[0].Address);
        using var published = EchoServer.Tcp(sandbox.NamespacePath, 80);
        using var other = EchoServer.Tcp(sandbox.NamespacePath, 81);
        using var there = EchoServer.Tcp(_outside.NamespacePath, 80);

        Assert.Empty(sandbox.Ports);
        Assert.Equal(_outside.Address.ToString(), await EchoClient.TcpAsync(_outside.NamespacePath, address, 80));
        Assert.Null(await EchoClient.TcpAsync(_outside.NamespacePath, address, 81, s_short));
        Assert.Equal(address.ToString(), await EchoClient.TcpAsync(sandbox.NamespacePath, _outside.Address, 80));
        await _host.Networks.DetachAsync("web");
        Assert.DoesNotContain(address.ToString(), Rules.List(_host.Options.Name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GatewayMode_NatUnprotected_OpensEveryPort()
    {
        await CreateAsync("own", (Bridge + "gateway_mode_ipv4", "nat-unprotected"));
        var sandbox = await _host.AttachToAsync("own", "web", new PortBinding { ContainerPort = 80 });
        using var published = EchoServer.Tcp(sandbox.NamespacePath, 80);
        using var other = EchoServer.Tcp(sandbox.NamespacePath, 81);

        Assert.NotNull(await EchoClient.TcpAsync(_outside.NamespacePath, IPAddress.Parse(sandbox.Endpoints[0].Address), 81));
        Assert.NotNull(await EchoClient.TcpAsync(_outside.NamespacePath, _outside.HostAddress, sandbox.Ports[0].HostPort));
    }

    [Fact]
    public async Task GatewayMode_Isolated_LeavesTheHostOut()
    {
        // Not one that an engine beside this one would choose: it does not see that the subnet is taken, and the host would ask its container.
        await CreateIsolatedAsync(new NetworkSubnet { Subnet = $"{_prefix}.0/24" });
        var web = await _host.AttachToAsync("own", "web");
        var other = await _host.AttachToAsync("own", "other");
        using var server = EchoServer.Tcp(web.NamespacePath, 80);

        Assert.Equal(("", "127.0.0.11"), (web.Endpoints[0].Gateway, web.Endpoints[0].NameServer));
        Assert.NotNull(await EchoClient.TcpAsync(other.NamespacePath, IPAddress.Parse(web.Endpoints[0].Address), 80));
        Assert.Null(await EchoClient.TcpAsync(null, IPAddress.Parse(web.Endpoints[0].Address), 80, s_short));
    }

    /// <summary>
    /// The host has no address in an isolated network, so other engines can't see that its subnet is taken. Where bridged packets are
    /// shown to packet rules (bridge-nf-call-iptables), theirs would translate what neighbours say to each other.
    /// </summary>
    [Fact]
    public async Task GatewayMode_IsolatedWithTheSubnetOfAnotherEngine_DisturbsNobody()
    {
        var subnet = new NetworkSubnet { Subnet = $"{_prefix}.0/24" };
        await CreateIsolatedAsync(subnet);
        await using var another = await NetworksHost.StartAsync();
        await another.Networks.CreateAsync(new NetworkRequest { Name = "own", Subnets = [subnet] });
        var web = await _host.AttachToAsync("own", "web");
        var other = await _host.AttachToAsync("own", "other");
        var theirs = await another.AttachToAsync("own", "theirs");
        using var server = EchoServer.Tcp(web.NamespacePath, 80);
        using var there = EchoServer.Tcp(_outside.NamespacePath, 80);

        var address = other.Endpoints[0].Address;
        Assert.Equal(address, await EchoClient.TcpAsync(other.NamespacePath, IPAddress.Parse(web.Endpoints[0].Address), 80));
        Assert.Equal(_outside.HostAddress.ToString(), await EchoClient.TcpAsync(theirs.NamespacePath, _outside.Address, 80));
    }

    [Fact]
    public async Task HostBinding_PortWithoutAnAddress_IsPublishedThereAlone()
    {
        await CreateAsync("own", (Bridge + "host_binding_ipv4", "127.0.0.1"));
        var sandbox = await _host.AttachToAsync("own", "web", new PortBinding { ContainerPort = 80 });
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 80);
        var port = Assert.Single(sandbox.Ports);

        Assert.Equal("127.0.0.1", port.HostAddress);
        Assert.NotNull(await EchoClient.TcpAsync(null, IPAddress.Loopback, port.HostPort));
        Assert.Null(await EchoClient.TcpAsync(_outside.NamespacePath, _outside.HostAddress, port.HostPort, s_short));
    }

    [Fact]
    public async Task InterCommunication_Off_KeepsNeighboursApart()
    {
        await CreateAsync("own", (Bridge + "enable_icc", "false"));
        var web = await _host.AttachToAsync("own", "web");
        var other = await _host.AttachToAsync("own", "other");
        using var server = EchoServer.Tcp(web.NamespacePath, 80);

        Assert.Null(await EchoClient.TcpAsync(other.NamespacePath, IPAddress.Parse(web.Endpoints[0].Address), 80, s_short));
        Assert.NotNull(await EchoClient.TcpAsync(null, IPAddress.Parse(web.Endpoints[0].Address), 80));
    }

    [Fact]
    public async Task InhibitedGateway_IsNotTheHosts()
    {
        await CreateAsync("own", (Bridge + "inhibit_ipv4", "true"));
        var name = (await _host.Networks.ListAsync()).Single(network => network.Name == "own").InterfaceName;
        using var routes = Portal.Engine.Linux.Networks.Links.RouteSocket.Open();
        var index = routes.GetLink(name).Index;

        Assert.DoesNotContain(routes.Addresses(), address => address.LinkIndex == index);
    }

    [Fact]
    public async Task Endpoint_OptionsOfAllKinds_AreTheInterfaces()
    {
        await CreateAsync("own", ("com.docker.network.container_iface_prefix", "net"), ("com.docker.network.driver.mtu", "1400"));
        var sandbox = await AttachAsync(new NetworkConnection
        {
            Network = "own",
            MacAddress = "02:42:00:00:00:99",
            LinkLocalAddresses = ["169.254.7.7"],
            DriverOptions = new Dictionary<string, string>
            {
                ["com.docker.network.endpoint.sysctls"] = "net.ipv4.conf.IFNAME.log_martians=1,net.ipv4.conf.IFNAME.forwarding=0",
            },
        });

        Assert.Equal("net0", sandbox.Endpoints[0].InterfaceName);
        Assert.Equal("1", Inside(sandbox, () => File.ReadAllText("/proc/sys/net/ipv4/conf/net0/log_martians").Trim()));
        using var routes = NamespaceThread.Run(sandbox.NamespacePath!, Portal.Engine.Linux.Networks.Links.RouteSocket.Open);
        Assert.Contains(routes.Addresses(), address => address is { PrefixLength: 16 } && address.Address.ToString() == "169.254.7.7");
        Assert.Equal(1400, routes.GetLink("net0").Mtu);
    }

    [Theory]
    [InlineData("net.ipv4.conf.eth0.forwarding=1")]
    [InlineData("net.ipv4.conf.IFNAME.../../../kernel/panic=1")]
    [InlineData("kernel.panic=1")]
    [InlineData("net.ipv4.conf.IFNAME.forwarding")]
    public async Task Endpoint_SysctlOfSomethingElse_IsRefusedAndLeavesNothing(string sysctl)
    {
        await CreateAsync("own");
        var refused = await Assert.ThrowsAsync<EngineException>(() => AttachAsync(new NetworkConnection
        {
            Network = "own",
            DriverOptions = new Dictionary<string, string> { ["com.docker.network.endpoint.sysctls"] = sysctl },
        }));

        Assert.Equal(EngineErrorKind.InvalidArgument, refused.Kind);
        Assert.Null(_host.Networks.Find("web"));
        Assert.Equal($"{_prefix}.2", (await _host.AttachToAsync("own", "next")).Endpoints[0].Address);
    }

    [Fact]
    public async Task GatewayPriority_Higher_TakesTheWayOutAndThePorts()
    {
        await CreateAsync("own");
        await _host.Networks.CreateAsync(new NetworkRequest { Name = "more" });
        var sandbox = await _host.AttachToAsync("own", "web", new PortBinding { ContainerPort = 80 });
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 80);
        using var there = EchoServer.Tcp(_outside.NamespacePath, 80);

        var moved = await _host.Networks.ConnectAsync("web", new NetworkConnection { Network = "more", GatewayPriority = 5 });
        Assert.Equal([false, true], moved.Endpoints.Select(endpoint => endpoint.HasDefaultRoute));
        Assert.NotNull(await EchoClient.TcpAsync(_outside.NamespacePath, _outside.HostAddress, sandbox.Ports[0].HostPort));
        Assert.NotNull(await EchoClient.TcpAsync(sandbox.NamespacePath, _outside.Address, 80));
        Assert.Contains(moved.Endpoints[1].Address, Rules.List(_host.Options.Name), StringComparison.Ordinal);

        var back = await _host.Networks.DisconnectAsync("web", "more");
        Assert.True(Assert.Single(back.Endpoints).HasDefaultRoute);
        Assert.NotNull(await EchoClient.TcpAsync(_outside.NamespacePath, _outside.HostAddress, sandbox.Ports[0].HostPort));
        Assert.NotNull(await EchoClient.TcpAsync(sandbox.NamespacePath, _outside.Address, 80));
    }

    [Fact]
    public async Task ConfigFrom_TakesSettingsOfTheOther_WhichStaysWhileNeeded()
    {
        await _host.Networks.CreateAsync(new NetworkRequest
        {
            Name = "config",
            IsConfigOnly = true,
            Subnets = [new NetworkSubnet { Subnet = $"{_prefix}.0/24" }],
            Options = new Dictionary<string, string> { ["com.docker.network.driver.mtu"] = "1300" },
        });
        var made = await _host.Networks.CreateAsync(new NetworkRequest { Name = "own", ConfigFrom = "config" });

        Assert.Equal(($"{_prefix}.0/24", "1300", "config"), (made.Subnet, made.Options["com.docker.network.driver.mtu"], made.ConfigFrom));
        var inUse = await Assert.ThrowsAsync<EngineException>(() => _host.Networks.RemoveAsync("config"));
        Assert.Contains("is in use", inUse.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<EngineException>(() => _host.AttachToAsync("config", "web"));
        await _host.RestartAsync();
        await _host.Networks.RemoveAsync("own");
        await _host.Networks.RemoveAsync("config");
        Assert.DoesNotContain(await _host.Networks.ListAsync(), network => !network.IsPredefined);
    }

    [Fact]
    public async Task AuxiliaryAddress_IsGivenToNobody()
    {
        await _host.Networks.CreateAsync(new NetworkRequest
        {
            Name = "own",
            Subnets =
            [
                new NetworkSubnet
                {
                    Subnet = $"{_prefix}.0/24",
                    AuxiliaryAddresses = new Dictionary<string, string> { ["printer"] = $"{_prefix}.2" },
                },
            ],
        });

        Assert.Equal($"{_prefix}.3", (await _host.AttachToAsync("own", "web")).Endpoints[0].Address);
    }

    [Fact]
    public async Task HostPortRange_GivesTheFirstFreeOne()
    {
        using var process = EchoServer.TcpOnHost();
        var first = process.Port;
        var range = new PortBinding { ContainerPort = 80, HostPort = first, LastHostPort = Math.Min(first + 20, 65535) };

        var port = Assert.Single((await _host.AttachAsync("web", range)).Ports);

        Assert.InRange(port.HostPort, first + 1, range.LastHostPort);
        Assert.Equal(0, port.LastHostPort);
    }

    private static T Inside<T>(NetworkSandbox sandbox, Func<T> action) => NamespaceThread.Run(sandbox.NamespacePath!, action);

    private Task<NetworkSandbox> AttachAsync(NetworkConnection connection)
    {
        return _host.Networks.AttachAsync(new NetworkAttachment
        {
            ContainerId = "web", ContainerName = "web", Mode = connection.Network, Networks = [connection],
        });
    }

    private Task<NetworkSummary> CreateIsolatedAsync(params NetworkSubnet[] subnets)
    {
        return _host.Networks.CreateAsync(new NetworkRequest
        {
            Name = "own",
            IsInternal = true,
            Subnets = subnets,
            Options = new Dictionary<string, string> { [Bridge + "gateway_mode_ipv4"] = "isolated" },
        });
    }

    private Task<NetworkSummary> CreateAsync(string name, params (string Name, string Value)[] options)
    {
        return _host.Networks.CreateAsync(new NetworkRequest
        {
            Name = name,
            Subnets = [new NetworkSubnet { Subnet = $"{_prefix}.0/24" }],
            Options = options.ToDictionary(option => option.Name, option => option.Value),
        });
    }
}
