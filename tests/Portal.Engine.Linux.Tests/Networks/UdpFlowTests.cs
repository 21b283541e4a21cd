using System.Net;
using System.Net.Sockets;
using System.Text;
using Portal.Engine.Networks;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Networks;

/// <summary>A client that keeps sending from one port: a forwarder of logs, a resolver.</summary>
// Alone: each container in turn takes the port that the one before let go of.
[Collection(RunsAlone.Name)]
public sealed class UdpFlowTests
{
    [Fact]
    public async Task Publish_ClientThatKeepsSending_ReachesEachContainerInTurn()
    {
        await using var outside = OutsideHost.Start();
        await using var host = await NetworksHost.StartAsync();
        var first = await host.AttachAsync("first", new PortBinding { ContainerPort = 53, Protocol = PortProtocol.Udp });
        var port = first.Ports[0].HostPort;
        await host.Networks.DetachAsync("first");
        using var client = EchoServer.Make(outside.NamespacePath, SocketType.Dgram, ProtocolType.Udp);
        await client.ConnectAsync(new IPEndPoint(outside.HostAddress, port));

        // Nobody answers yet, and the kernel remembers the flow as one to the host.
        await client.SendAsync("?"u8.ToArray());
        var binding = new PortBinding { ContainerPort = 53, HostPort = port, Protocol = PortProtocol.Udp };
        foreach (var name in new[] { "second", "third", "fourth" })
        {
            var sandbox = await host.AttachAsync(name, binding);
            using var server = EchoServer.Udp(sandbox.NamespacePath, 53);
            Assert.Equal(outside.Address.ToString(), await AskAsync(client));
            await host.Networks.DetachAsync(name);
        }
    }

    private static async Task<string> AskAsync(Socket client)
    {
        using var deadline = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(10)));
        var buffer = new byte[64];
        while (true)
        {
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
            attempt.CancelAfter(TimeSpan.FromMilliseconds(50));
            try
            {
                await client.SendAsync("?"u8.ToArray(), attempt.Token);
                return Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer, attempt.Token));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Lost, or answered by ICMP: it keeps sending.
                deadline.Token.ThrowIfCancellationRequested();
            }
        }
    }
}
