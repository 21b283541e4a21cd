using System.Net;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Linux.Networks.Namespaces;
using Portal.Engine.Networks;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Networks;

public sealed class SandboxTests : IAsyncLifetime
{
    private NetworksHost _host = null!;

    public async Task InitializeAsync() => _host = await NetworksHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Attach_Bridge_ConfiguresTheInterface()
    {
        var sandbox = await _host.AttachAsync("one");

        var endpoint = Assert.Single(sandbox.Endpoints);
        var bytes = IPAddress.Parse(endpoint.Address).GetAddressBytes();
        Assert.Equal($"02:42:{bytes[0]:x2}:{bytes[1]:x2}:{bytes[2]:x2}:{bytes[3]:x2}", endpoint.MacAddress);
        Assert.Equal(64, endpoint.EndpointId.Length);
        Assert.StartsWith(_host.Options.Name + "v", endpoint.HostInterfaceName, StringComparison.Ordinal);
        Assert.Equal(sandbox, _host.Networks.Find("one"));
        using var inside = NamespaceThread.Run(sandbox.NamespacePath!, RouteSocket.Open);
        var link = inside.GetLink("eth0");
        Assert.True(link.IsUp);
        Assert.True(inside.GetLink("lo").IsUp);
        Assert.Contains(new AddressState(link.Index, IPAddress.Parse(endpoint.Address), endpoint.PrefixLength), inside.Addresses());
        Assert.Contains(new RouteState(IPAddress.Any, 0, link.Index), inside.Routes());
    }

    [Fact]
    public async Task Attach_Bridge_HasOneQueueAtEitherEnd()
    {
        var sandbox = await _host.AttachAsync("one");

        // More would be made for each processor of the host, and taken out of use again, for which the kernel waits.
        const string OneQueue = "numtxqueues 1 numrxqueues 1 ";
        var outside = sandbox.Endpoints[0].HostInterfaceName!;
        Assert.Contains(OneQueue, await Tool.RunAsync("ip", "-details", "link", "show", "dev", outside), StringComparison.Ordinal);
        Assert.Contains(
            OneQueue,
            await Tool.RunAsync("nsenter", $"--net={sandbox.NamespacePath}", "ip", "-details", "link", "show", "dev", "eth0"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attach_GivenHardwareAddress_HasIt()
    {
        var sandbox = await _host.Networks.AttachAsync(new NetworkAttachment
        {
            ContainerId = "one",
            ContainerName = "one",
            MacAddress = "02:AA:bb:cc:dd:01",
        });

        Assert.Equal("02:aa:bb:cc:dd:01", sandbox.Endpoints[0].MacAddress);
        var address = NamespaceThread.Run(
            sandbox.NamespacePath!, () => File.ReadAllText("/proc/thread-self/net/arp") + RuntimeAddress());
        Assert.Contains("02:aa:bb:cc:dd:01", address, StringComparison.Ordinal);

        static string RuntimeAddress() => string.Join(
            ' ',
            System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
                .Select(nic => Convert.ToHexStringLower(nic.GetPhysicalAddress().GetAddressBytes())
                    .Chunk(2).Select(pair => new string(pair)).Aggregate("", (left, right) => left.Length == 0 ? right : $"{left}:{right}")));
    }

    [Fact]
    public async Task Attach_Outbound_ShowsTheHostsAddress()
    {
        await using var outside = OutsideHost.Start();
        var sandbox = await _host.AttachAsync("one");
        using var tcp = EchoServer.Tcp(outside.NamespacePath, 80);
        using var udp = EchoServer.Udp(outside.NamespacePath, 53);

        Assert.Equal(outside.HostAddress.ToString(), await EchoClient.TcpAsync(sandbox.NamespacePath, outside.Address, 80));
        Assert.Equal(outside.HostAddress.ToString(), await EchoClient.UdpAsync(sandbox.NamespacePath, outside.Address, 53));
    }

    [Fact]
    public async Task Attach_None_HasLoopbackOnly()
    {
        var sandbox = await AttachAsync("one", "none");

        Assert.Empty(sandbox.Endpoints);
        using var inside = NamespaceThread.Run(sandbox.NamespacePath!, RouteSocket.Open);
        Assert.DoesNotContain(inside.Links(), link => link.Kind == "veth" || (link.IsUp && link.Name != "lo"));
        Assert.True(inside.GetLink("lo").IsUp);
        await _host.Networks.DetachAsync("one");
        Assert.False(File.Exists(sandbox.NamespacePath));
    }

    [Fact]
    public async Task Attach_Host_HasNoNamespace()
    {
        var sandbox = await AttachAsync("one", "host");

        Assert.Null(sandbox.NamespacePath);
        Assert.Null(_host.Namespaces.Find("one"));
    }

    [Fact]
    public async Task Attach_Container_SharesItsNamespace()
    {
        var first = await _host.AttachAsync("one");
        using var server = EchoServer.Tcp(first.NamespacePath, 80);

        var second = await AttachAsync("two", "container:one");

        Assert.Equal(first.NamespacePath, second.NamespacePath);
        Assert.Equal("127.0.0.1", await EchoClient.TcpAsync(second.NamespacePath, IPAddress.Loopback, 80));
        await _host.Networks.DetachAsync("two");
        Assert.NotNull(_host.Namespaces.Find("one"));
    }

    [Theory]
    [InlineData("container:nobody", EngineErrorKind.Conflict)]
    [InlineData("container:", EngineErrorKind.Conflict)]
    [InlineData("container:../one", EngineErrorKind.Conflict)]
    [InlineData("container:two", EngineErrorKind.Conflict)]
    [InlineData("nosuch", EngineErrorKind.NotFound)]
    [InlineData("bridge\n", EngineErrorKind.NotFound)]
    public async Task Attach_UnusableMode_IsRefused(string mode, EngineErrorKind kind)
    {
        var error = await Assert.ThrowsAsync<EngineException>(() => AttachAsync("two", mode));

        Assert.Equal(kind, error.Kind);
        Assert.Null(_host.Networks.Find("two"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../../etc/passwd")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    public async Task Attach_IdThatIsNone_IsRefused(string id)
    {
        var error = await Assert.ThrowsAsync<EngineException>(() => _host.AttachAsync(id));

        Assert.Equal(EngineErrorKind.InvalidArgument, error.Kind);
        await Assert.ThrowsAsync<EngineException>(() => _host.Networks.DetachAsync(id));
    }

    [Theory]
    [InlineData(0, 0, "", "02:42:00:00:00:01")]
    [InlineData(65536, 0, "", null)]
    [InlineData(80, -1, "", null)]
    [InlineData(80, 65536, "", null)]
    [InlineData(80, 0, "localhost", null)]
    [InlineData(80, 0, "::1", null)]
    [InlineData(80, 0, "1", null)]
    [InlineData(80, 0, "0x7f.0.0.1", null)]
    [InlineData(80, 0, "127.0.0.1 } ; flush ruleset", null)]
    [InlineData(80, 0, "224.0.0.1", null)]
    [InlineData(80, 0, "255.255.255.255", null)]
    [InlineData(80, 0, "203.0.113.77", null)]
    [InlineData(80, 0, "", "02:42")]
    [InlineData(80, 0, "", "ff:ff:ff:ff:ff:ff")]
    [InlineData(80, 0, "", "00:00:00:00:00:00")]
    [InlineData(80, 0, "", "01:00:5e:00:00:01")]
    [InlineData(80, 0, "", "02:42:ac:11:00:0g")]
    public async Task Attach_HostileSettings_AreRefusedAndLeaveNothing(int containerPort, int hostPort, string address, string? mac)
    {
        var error = await Assert.ThrowsAsync<EngineException>(() => _host.Networks.AttachAsync(new NetworkAttachment
        {
            ContainerId = "one",
            ContainerName = "one",
            MacAddress = mac,
            Ports = [new PortBinding { ContainerPort = containerPort, HostPort = hostPort, HostAddress = address }],
        }));

        Assert.Equal(EngineErrorKind.InvalidArgument, error.Kind);
        Assert.Null(_host.Networks.Find("one"));
        Assert.Empty(_host.Namespaces.List());
        Assert.Empty(Rules.Veths(_host.Options.Name));
        Assert.EndsWith(".0.2", (await _host.AttachAsync("next")).Endpoints[0].Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attach_Fifty_AtOnce_HaveAddressesOfTheirOwn()
    {
        var sandboxes = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => _host.AttachAsync(
            $"c{number}", new PortBinding { ContainerPort = 80 })));

        Assert.Equal(50, sandboxes.Select(sandbox => sandbox.Endpoints[0].Address).Distinct().Count());
        Assert.Equal(50, sandboxes.Select(sandbox => sandbox.Ports[0].HostPort).Distinct().Count());
        var server = sandboxes[^1];
        using var echo = EchoServer.Tcp(server.NamespacePath, 80);
        Assert.NotNull(await EchoClient.TcpAsync(null, IPAddress.Loopback, server.Ports[0].HostPort));

        await Task.WhenAll(sandboxes.Select(sandbox => _host.Networks.DetachAsync(sandbox.ContainerId)));

        await Eventually.HoldsAsync(() => Rules.Veths(_host.Options.Name).Count == 0);
        Assert.Empty(_host.Namespaces.List());
        Assert.DoesNotContain("elements = { tcp", Rules.List(_host.Options.Name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attach_SameAgain_ReturnsTheSame()
    {
        var port = new PortBinding { ContainerPort = 80 };
        var first = await _host.AttachAsync("one", port);

        Assert.Equal(first, await _host.AttachAsync("one", port));
        Assert.NotEqual(first, await _host.AttachAsync("one"));
    }

    [Fact]
    public async Task List_Fresh_HasDockersThreeNetworks()
    {
        var networks = await _host.Networks.ListAsync();

        Assert.Equal(["bridge/bridge", "host/host", "none/null"], networks.Select(network => $"{network.Name}/{network.Driver}"));
        Assert.Equal(_host.Bridge, networks[0].InterfaceName);
        Assert.True(Rules.LinkExists(_host.Bridge));
    }

    [Fact]
    public async Task RemoveAll_Used_LeavesNothingInTheKernel()
    {
        string name;
        await using (var other = await NetworksHost.StartAsync())
        {
            name = other.Options.Name;
            await other.AttachAsync("one", new PortBinding { ContainerPort = 80 });
        }

        Assert.False(Rules.LinkExists(name + "0"));
        Assert.Empty(Rules.Veths(name));
        Assert.False(Rules.Exists(name));
    }

    private Task<NetworkSandbox> AttachAsync(string id, string mode)
    {
        return _host.Networks.AttachAsync(new NetworkAttachment { ContainerId = id, ContainerName = id, Mode = mode });
    }
}
