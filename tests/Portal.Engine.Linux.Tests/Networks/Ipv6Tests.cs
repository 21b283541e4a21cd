using System.Net;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Networks.Namespaces;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Addresses;

namespace Portal.Engine.Linux.Tests.Networks;

public sealed class Ipv6Tests : IAsyncLifetime
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(300);

    private NetworksHost _host = null!;
    private OutsideHost _outside = null!;

    public async Task InitializeAsync()
    {
        _host = await NetworksHost.StartAsync();
        _outside = OutsideHost.Start();
        await _host.Networks.CreateAsync(new NetworkRequest { Name = "dual", EnableIpv6 = true });
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _outside.DisposeAsync();
    }

    [Fact]
    public async Task Create_WithoutASubnet_GivesOneOfTheEnginesOwn()
    {
        var first = await SummaryAsync("dual");
        var second = await _host.Networks.CreateAsync(new NetworkRequest { Name = "more", EnableIpv6 = true });

        var subnets = new[] { first, second }.Select(network => network.Subnets[1].Subnet).ToArray();
        Assert.All(subnets, subnet => Assert.StartsWith("fd", subnet, StringComparison.Ordinal));
        Assert.All(subnets, subnet => Assert.EndsWith("/64", subnet, StringComparison.Ordinal));
        Assert.Equal(2, subnets.Distinct().Count());
        Assert.Equal(subnets[0].Split(':')[..3], subnets[1].Split(':')[..3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Attach_PublishedPort_AnswersInBothFamilies(bool isUdp)
    {
        var protocol = isUdp ? PortProtocol.Udp : PortProtocol.Tcp;
        var sandbox = await _host.AttachToAsync("dual", "web", new PortBinding { ContainerPort = 80, Protocol = protocol });
        var endpoint = Assert.Single(sandbox.Endpoints);
        using var server4 = Serve(sandbox.NamespacePath, isUdp, isIpv6: false);
        using var server6 = Serve(sandbox.NamespacePath, isUdp, isIpv6: true);
        Assert.Equal(["", "::"], sandbox.Ports.Select(port => port.HostAddress));
        Assert.Single(sandbox.Ports.Select(port => port.HostPort).Distinct());
        var port = sandbox.Ports[0].HostPort;

        Assert.Equal(_outside.Address.ToString(), await AskAsync(_outside.NamespacePath, _outside.HostAddress, port, isUdp));
        Assert.Equal(_outside.Address6.ToString(), await AskAsync(_outside.NamespacePath, _outside.HostAddress6, port, isUdp));
        Assert.Equal(_outside.HostAddress6.ToString(), await AskAsync(null, _outside.HostAddress6, port, isUdp));
        Assert.Equal(endpoint.Gateway6, await AskAsync(sandbox.NamespacePath, _outside.HostAddress6, port, isUdp));
    }

    [Fact]
    public async Task Attach_Ipv6_HidesContainersAndLetsNobodyIn()
    {
        var sandbox = await _host.AttachToAsync("dual", "web");
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 80, isIpv6: true);
        using var outside = EchoServer.Tcp(_outside.NamespacePath, 80, isIpv6: true);

        Assert.Equal(_outside.HostAddress6.ToString(), await EchoClient.TcpAsync(sandbox.NamespacePath, _outside.Address6, 80));
        Assert.Null(await EchoClient.TcpAsync(_outside.NamespacePath, Six(sandbox), 80, s_short));
    }

    [Fact]
    public async Task Attach_TwoNetworks_AreApartAndNeighboursAreNot()
    {
        await _host.Networks.CreateAsync(new NetworkRequest { Name = "more", EnableIpv6 = true });
        var web = await _host.AttachToAsync("dual", "web");
        var near = await _host.AttachToAsync("dual", "near");
        var far = await _host.AttachToAsync("more", "far");
        using var server = EchoServer.Tcp(web.NamespacePath, 80, isIpv6: true);

        Assert.Equal(Six(near).ToString(), await EchoClient.TcpAsync(near.NamespacePath, Six(web), 80));
        Assert.Null(await EchoClient.TcpAsync(far.NamespacePath, Six(web), 80, s_short));
    }

    [Fact]
    public async Task Attach_Internal_ReachesNothingOutside()
    {
        await _host.Networks.CreateAsync(new NetworkRequest { Name = "shut", EnableIpv6 = true, IsInternal = true });
        var sandbox = await _host.AttachToAsync("shut", "web");
        using var outside = EchoServer.Tcp(_outside.NamespacePath, 80, isIpv6: true);

        Assert.False(sandbox.Endpoints[0].HasDefaultRoute6);
        Assert.Null(await EchoClient.TcpAsync(sandbox.NamespacePath, _outside.Address6, 80, s_short));
    }

    [Fact]
    public async Task Attach_WithoutMasquerade_KeepsTheContainersAddress()
    {
        await _host.Networks.CreateAsync(new NetworkRequest
        {
            Name = "plain",
            EnableIpv6 = true,
            Options = new Dictionary<string, string> { ["com.docker.network.bridge.enable_ip_masquerade"] = "false" },
        });
        var sandbox = await _host.AttachToAsync("plain", "web");
        using var outside = EchoServer.Tcp(_outside.NamespacePath, 80, isIpv6: true);

        Assert.Equal(Six(sandbox).ToString(), await EchoClient.TcpAsync(sandbox.NamespacePath, _outside.Address6, 80));
    }

    [Fact]
    public async Task Attach_OwnSubnetAndAddress_IsAsAsked()
    {
        var number = Random.Shared.Next(0x10000).ToString("x");
        await _host.Networks.CreateAsync(new NetworkRequest
        {
            Name = "own",
            Subnets = [new NetworkSubnet { Subnet = $"fd77:{number}::/80", Gateway = $"fd77:{number}::99" }],
            EnableIpv4 = false,
            EnableIpv6 = true,
        });
        var sandbox = await _host.Networks.AttachAsync(new NetworkAttachment
        {
            ContainerId = "web",
            ContainerName = "web",
            Mode = "own",
            Networks = [new NetworkConnection { Network = "own", Address6 = $"fd77:{number}::aaaa:5" }],
        });
        var endpoint = Assert.Single(sandbox.Endpoints);

        Assert.Equal(Normal($"fd77:{number}::aaaa:5"), endpoint.Address6);
        Assert.Equal((80, Normal($"fd77:{number}::99")), (endpoint.PrefixLength6, endpoint.Gateway6));
        Assert.Equal("", endpoint.Address);
        Assert.True(endpoint is { HasDefaultRoute: false, HasDefaultRoute6: true });
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 80, isIpv6: true);
        Assert.NotNull(await EchoClient.TcpAsync(null, Six(sandbox), 80));
        var taken = await Assert.ThrowsAsync<EngineException>(() => _host.Networks.AttachAsync(new NetworkAttachment
        {
            ContainerId = "other",
            ContainerName = "other",
            Mode = "own",
            Networks = [new NetworkConnection { Network = "own", Address6 = $"fd77:{number}::aaaa:5" }],
        }));
        Assert.Contains("Address already in use", taken.Message, StringComparison.Ordinal);
    }

    /// <summary>By which answers of containers come back to ::1.</summary>
    [Fact]
    public async Task Create_Ipv6_HasARouteToLoopback()
    {
        var bridge = (await SummaryAsync("dual")).InterfaceName;

        Assert.Contains(
            "local ::1",
            await Portal.Testing.Processes.Tool.RunAsync("ip", "-6", "route", "show", "table", "local", "dev", bridge),
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "local ::1",
            await Portal.Testing.Processes.Tool.RunAsync("ip", "-6", "route", "show", "table", "local", "dev", _host.Bridge),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attach_Interface_ListensToNoRouters()
    {
        var sandbox = await _host.AttachToAsync("dual", "web");
        var plain = await _host.AttachAsync("plain");

        var values = NamespaceThread.Run(sandbox.NamespacePath!, () => new[] { "accept_ra", "autoconf", "disable_ipv6" }
            .Select(name => File.ReadAllText($"/proc/sys/net/ipv6/conf/eth0/{name}").Trim()).ToArray());
        var withoutIpv6 = NamespaceThread.Run(
            plain.NamespacePath!, () => File.ReadAllText("/proc/sys/net/ipv6/conf/eth0/disable_ipv6").Trim());

        Assert.Equal(["0", "0", "0"], values);
        Assert.Equal("1", withoutIpv6);
    }

    [Fact]
    public async Task Restart_RunningContainer_KeepsAddressesPortsAndHolds()
    {
        var sandbox = await _host.AttachToAsync("dual", "web", new PortBinding { ContainerPort = 80 });
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 80, isIpv6: true);

        await _host.RestartAsync("web");

        Assert.Equal(sandbox.Endpoints[0].Address6, _host.Networks.Find("web")!.Endpoints[0].Address6);
        var port = sandbox.Ports[0].HostPort;
        Assert.Equal(
            _outside.Address6.ToString(), await EchoClient.TcpAsync(_outside.NamespacePath, _outside.HostAddress6, port));
        Assert.NotEqual(Six(sandbox), Six(await _host.AttachToAsync("dual", "next")));
        var refused = await Assert.ThrowsAsync<EngineException>(() => _host.AttachToAsync(
            "dual", "again", new PortBinding { ContainerPort = 80, HostAddress = "::", HostPort = port }));
        Assert.Contains($"Bind for :::{port} failed: port is already allocated", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attach_Ipv6AddressWithoutIpv6_SaysWhatHelps()
    {
        var refused = await Assert.ThrowsAsync<EngineException>(() => _host.AttachAsync(
            "web", new PortBinding { ContainerPort = 80, HostAddress = "::1" }));

        Assert.Equal(EngineErrorKind.InvalidArgument, refused.Kind);
        Assert.Contains("--ipv6", refused.Message, StringComparison.Ordinal);
        Assert.Null(_host.Networks.Find("web"));
    }

    private static EchoServer Serve(string? path, bool isUdp, bool isIpv6) =>
        isUdp ? EchoServer.Udp(path, 80, isIpv6) : EchoServer.Tcp(path, 80, isIpv6);

    private static Task<string?> AskAsync(string? path, IPAddress address, int port, bool isUdp) =>
        isUdp ? EchoClient.UdpAsync(path, address, port) : EchoClient.TcpAsync(path, address, port);

    private static IPAddress Six(NetworkSandbox sandbox) => IPAddress.Parse(sandbox.Endpoints[0].Address6);

    private static string Normal(string text) => IpSubnet.TryParseAddress(text, out var address) ? address.ToString() : "";

    private async Task<NetworkSummary> SummaryAsync(string name) =>
        (await _host.Networks.ListAsync()).Single(network => network.Name == name);
}
