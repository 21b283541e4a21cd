using System.Net;
using System.Net.Sockets;
using Portal.Engine.Errors;
using Portal.Engine.Networks;

namespace Portal.Engine.Linux.Tests.Networks;

/// <summary>Ports that are published for SCTP (RFC 9260), with traffic. Few hosts have the module; the virtual machine has it.</summary>
[Trait("Area", "vm")]
public sealed class SctpTests : IAsyncLifetime
{
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
    public async Task Attach_PublishedSctpPort_AnswersFromEverySide()
    {
        var sandbox = await AttachAsync("sctp");
        var client = await _host.AttachAsync("client");
        var port = sandbox.Ports[0].HostPort;
        using var server = EchoServer.Sctp(sandbox.NamespacePath, 9);

        Assert.Equal(_outside.Address.ToString(), await EchoClient.SctpAsync(_outside.NamespacePath, _outside.HostAddress, port));
        Assert.Equal(_outside.HostAddress.ToString(), await EchoClient.SctpAsync(null, _outside.HostAddress, port));
        Assert.Equal(
            client.Endpoints[0].Address,
            await EchoClient.SctpAsync(client.NamespacePath, IPAddress.Parse(sandbox.Endpoints[0].Address), 9));
    }

    [Fact]
    public async Task Attach_SamePortForSctpAndTcp_EachAnswersItsOwn()
    {
        var sctp = await AttachAsync("sctp");
        var port = sctp.Ports[0].HostPort;
        var tcp = await _host.AttachAsync("tcp", new PortBinding { ContainerPort = 80, HostPort = port });
        using var sctpServer = EchoServer.Sctp(sctp.NamespacePath, 9);

        // Only the one for SCTP listens: an answer by TCP would be the wrong container's.
        Assert.NotNull(await EchoClient.SctpAsync(_outside.NamespacePath, _outside.HostAddress, port));
        Assert.Null(await EchoClient.TcpAsync(_outside.NamespacePath, _outside.HostAddress, port, TimeSpan.FromMilliseconds(300)));
        using var tcpServer = EchoServer.Tcp(tcp.NamespacePath, 80);
        Assert.NotNull(await EchoClient.TcpAsync(_outside.NamespacePath, _outside.HostAddress, port));
    }

    [Fact]
    public async Task Publish_PortThatIsTaken_IsRefusedAndTheHeldOneIsFreeAfterDetaching()
    {
        using (var process = EchoServer.Sctp(null, 0))
        {
            var error = await Assert.ThrowsAsync<EngineException>(() => AttachAsync("second", process.Port));
            Assert.Contains($"failed to bind host port 0.0.0.0:{process.Port}/sctp", error.Message, StringComparison.Ordinal);
        }

        var port = (await AttachAsync("first")).Ports[0].HostPort;
        Assert.Equal(SocketError.AddressAlreadyInUse, Assert.Throws<SocketException>(() => EchoServer.Sctp(null, port)).SocketErrorCode);

        await _host.Networks.DetachAsync("first");

        using var own = EchoServer.Sctp(null, port);
        Assert.NotNull(await EchoClient.SctpAsync(_outside.NamespacePath, _outside.HostAddress, port));
    }

    private Task<NetworkSandbox> AttachAsync(string id, int port = 0) =>
        _host.AttachAsync(id, new PortBinding { ContainerPort = 9, HostPort = port, Protocol = PortProtocol.Sctp });
}
