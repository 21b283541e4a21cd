using System.Net;
using System.Net.Sockets;
using Portal.Engine.Errors;
using Portal.Engine.Networks;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Networks;

public sealed class PublishingTests : IAsyncLifetime
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(300);

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
    public async Task Attach_PublishedTcpPort_AnswersFromEverySide()
    {
        var sandbox = await _host.AttachAsync("web", new PortBinding { ContainerPort = 80 });
        var client = await _host.AttachAsync("client");
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 80);
        var endpoint = Assert.Single(sandbox.Endpoints);
        var port = Assert.Single(sandbox.Ports).HostPort;

        // Another machine, whose address the container sees.
        Assert.Equal(_outside.Address.ToString(), await EchoClient.TcpAsync(_outside.NamespacePath, _outside.HostAddress, port));

        // The host by an address, and by localhost, which can't leave the host and shows as the gateway.
        Assert.Equal(_outside.HostAddress.ToString(), await EchoClient.TcpAsync(null, _outside.HostAddress, port));
        Assert.Equal(endpoint.Gateway, await EchoClient.TcpAsync(null, IPAddress.Loopback, port));
        Assert.Equal(endpoint.Gateway, await EchoClient.TcpAsync(null, IPAddress.Parse("127.8.9.10"), port));

        // A second container, and the container itself, through the host's address.
        Assert.Equal(endpoint.Gateway, await EchoClient.TcpAsync(client.NamespacePath, _outside.HostAddress, port));
        Assert.Equal(endpoint.Gateway, await EchoClient.TcpAsync(sandbox.NamespacePath, _outside.HostAddress, port));

        // Directly, on the same bridge and from the host.
        Assert.Equal(client.Endpoints[0].Address, await EchoClient.TcpAsync(client.NamespacePath, IPAddress.Parse(endpoint.Address), 80));
        Assert.Equal(endpoint.Gateway, await EchoClient.TcpAsync(null, IPAddress.Parse(endpoint.Address), 80));
    }

    [Fact]
    public async Task Attach_PublishedUdpPort_AnswersFromEverySide()
    {
        var sandbox = await _host.AttachAsync("dns", new PortBinding { ContainerPort = 53, Protocol = PortProtocol.Udp });
        using var server = EchoServer.Udp(sandbox.NamespacePath, 53);
        var port = Assert.Single(sandbox.Ports).HostPort;

        Assert.Equal(_outside.Address.ToString(), await EchoClient.UdpAsync(_outside.NamespacePath, _outside.HostAddress, port));
        Assert.Equal(_outside.HostAddress.ToString(), await EchoClient.UdpAsync(null, _outside.HostAddress, port));
        Assert.Equal(sandbox.Endpoints[0].Gateway, await EchoClient.UdpAsync(null, IPAddress.Loopback, port));
    }

    [Fact]
    public async Task Attach_LoopbackHostAddress_AnswersThereOnly()
    {
        var sandbox = await _host.AttachAsync("web", new PortBinding { ContainerPort = 80, HostAddress = "127.0.0.1" });
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 80);
        var port = sandbox.Ports[0].HostPort;

        Assert.NotNull(await EchoClient.TcpAsync(null, IPAddress.Loopback, port));
        Assert.Null(await EchoClient.TcpAsync(null, _outside.HostAddress, port, s_short));
        Assert.Null(await EchoClient.TcpAsync(_outside.NamespacePath, _outside.HostAddress, port, s_short));
    }

    [Fact]
    public async Task Attach_UnpublishedPort_IsOutOfReachFromOutside()
    {
        var sandbox = await _host.AttachAsync("web", new PortBinding { ContainerPort = 80 });
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 81);

        Assert.Null(await EchoClient.TcpAsync(_outside.NamespacePath, IPAddress.Parse(sandbox.Endpoints[0].Address), 81, s_short));
    }

    [Fact]
    public async Task Detach_PublishedPort_IsFreeAndSilent()
    {
        var port = FreePort.Find();
        await _host.AttachAsync("web", new PortBinding { ContainerPort = 80, HostPort = port });

        await _host.Networks.DetachAsync("web");
        await _host.Networks.DetachAsync("web");

        Assert.Null(_host.Networks.Find("web"));
        Assert.Null(_host.Namespaces.Find("web"));
        using var own = await EchoServer.TcpOnceFreeAsync(port);
        Assert.NotNull(await EchoClient.TcpAsync(_outside.NamespacePath, _outside.HostAddress, port));
    }

    [Fact]
    public async Task Attach_PortOfAnotherContainer_IsRefusedInDockersWordsAndLeavesNothing()
    {
        var port = (await _host.AttachAsync("first", new PortBinding { ContainerPort = 80 })).Ports[0].HostPort;

        var error = await Assert.ThrowsAsync<EngineException>(() => _host.AttachAsync(
            "second",
            new PortBinding { ContainerPort = 81 },
            new PortBinding { ContainerPort = 80, HostAddress = "127.0.0.1", HostPort = port }));

        Assert.Equal(EngineErrorKind.Conflict, error.Kind);
        Assert.Contains($"Bind for 127.0.0.1:{port} failed: port is already allocated", error.Message, StringComparison.Ordinal);
        AssertNothingOf("second");
    }

    [Fact]
    public async Task Attach_PortOfAHostProcess_IsRefusedInDockersWordsAndLeavesNothing()
    {
        using var process = EchoServer.TcpOnHost();
        var port = process.Port;

        var error = await Assert.ThrowsAsync<EngineException>(() => _host.AttachAsync(
            "web", new PortBinding { ContainerPort = 80, HostPort = port }));

        Assert.Equal(EngineErrorKind.Conflict, error.Kind);
        Assert.Contains($"failed to bind host port 0.0.0.0:{port}/tcp: address already in use", error.Message, StringComparison.Ordinal);
        AssertNothingOf("web");
        await process.EndAsync();
        await _host.AttachAsync("web", new PortBinding { ContainerPort = 80, HostPort = port });
    }

    [Fact]
    public async Task Attach_PublishedPort_KeepsHostProcessesFromTakingIt()
    {
        var port = (await _host.AttachAsync("web", new PortBinding { ContainerPort = 80 })).Ports[0].HostPort;

        var error = Assert.Throws<SocketException>(() => EchoServer.Tcp(null, port));

        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
    }

    [Fact]
    public async Task Attach_PortWithLingeringConnections_IsPublished()
    {
        // The server closes first, so the connection lingers on its side in TIME_WAIT.
        int port;
        using (var process = EchoServer.TcpOnHost())
        {
            port = process.Port;
            Assert.NotNull(await EchoClient.TcpAsync(null, IPAddress.Loopback, port));
            await process.EndAsync();
        }

        var sandbox = await _host.AttachAsync("web", new PortBinding { ContainerPort = 80, HostPort = port });
        using var server = EchoServer.Tcp(sandbox.NamespacePath, 80);

        Assert.NotNull(await EchoClient.TcpAsync(null, IPAddress.Loopback, port));
        Assert.Throws<SocketException>(() => EchoServer.Tcp(null, port));
    }

    [Fact]
    public async Task Attach_SamePortTwiceOnDifferentAddresses_TwoInstancesSideBySide()
    {
        await using var second = await NetworksHost.StartAsync();
        var first = await _host.AttachAsync("web", new PortBinding { ContainerPort = 80, HostAddress = "127.0.0.2" });
        var port = first.Ports[0].HostPort;
        var other = await second.AttachAsync("web", new PortBinding { ContainerPort = 81, HostAddress = "127.0.0.3", HostPort = port });
        using var firstServer = EchoServer.Tcp(first.NamespacePath, 80);
        using var otherServer = EchoServer.Tcp(other.NamespacePath, 81);

        Assert.NotEqual(first.Endpoints[0].Gateway, other.Endpoints[0].Gateway);
        Assert.Equal(first.Endpoints[0].Gateway, await EchoClient.TcpAsync(null, IPAddress.Parse("127.0.0.2"), port));
        Assert.Equal(other.Endpoints[0].Gateway, await EchoClient.TcpAsync(null, IPAddress.Parse("127.0.0.3"), port));

        // Containers of one instance don't reach those of another, but for what is published on the host's addresses.
        Assert.Null(await EchoClient.TcpAsync(first.NamespacePath, IPAddress.Parse(other.Endpoints[0].Address), 81, s_short));
        var error = await Assert.ThrowsAsync<EngineException>(() => second.AttachAsync(
            "again", new PortBinding { ContainerPort = 80, HostAddress = "127.0.0.2", HostPort = port }));
        Assert.Contains("address already in use", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attach_PublishedSctpPort_IsWrittenAlsoWhereTheKernelSpeaksNone()
    {
        var sandbox = await _host.AttachAsync("sctp", new PortBinding { ContainerPort = 9, Protocol = PortProtocol.Sctp });

        Assert.Contains($"sctp . {sandbox.Ports[0].HostPort}", Rules.List(_host.Options.Name), StringComparison.Ordinal);
    }

    private void AssertNothingOf(string id)
    {
        Assert.Null(_host.Networks.Find(id));
        Assert.Null(_host.Namespaces.Find(id));
        Assert.Equal(_host.Networks.Find("first") is null ? 0 : 1, Rules.Veths(_host.Options.Name).Count);
    }
}
