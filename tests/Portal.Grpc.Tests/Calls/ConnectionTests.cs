using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Portal.Grpc.Tests.Echo.V1;
using Portal.Grpc.Tests.Hosting;
using Portal.Testing;

namespace Portal.Grpc.Tests.Calls;

/// <summary>What calls see when their connection goes silent, breaks, or speaks nonsense: UNAVAILABLE, and soon.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task Stream_ConnectionFallsSilent_PingsEndItAsUnavailable()
    {
        await using var server = await GrpcTestServer.StartAsync();
        FreezableStream? connection = null;
        using var channel = CreateChannel(server.Address, stream => connection = new FreezableStream(stream));
        using var call = new Echo.V1.Echo.EchoClient(channel).WaitStream(new WaitRequest { Id = "silent" });
        Assert.True(await call.ResponseStream.MoveNext());

        connection!.Freeze();

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => call.ResponseStream.MoveNext().WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(20))));
        Assert.True(exception.StatusCode == StatusCode.Unavailable, exception.ToString());
    }

    [Fact]
    public async Task Stream_ConnectionBreaks_IsUnavailableAndTheNextCallConnectsAnew()
    {
        await using var server = await GrpcTestServer.StartAsync();
        Stream? connection = null;
        using var channel = CreateChannel(server.Address, stream => connection = stream);
        var client = new Echo.V1.Echo.EchoClient(channel);
        using var call = client.WaitStream(new WaitRequest { Id = "broken" });
        Assert.True(await call.ResponseStream.MoveNext());

        await connection!.DisposeAsync();

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.True(exception.StatusCode == StatusCode.Unavailable, exception.ToString());
        Assert.Equal("again", (await client.UnaryAsync(new EchoRequest { Text = "again" })).Text);
        await server.Cancellations.WaitAsync("broken");
    }

    [Fact]
    public async Task Call_PeerSpeaksNoHttp2_IsUnavailable()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var peer = await listener.AcceptTcpClientAsync();
            await peer.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\nxxxxxxxxxxxxxxx"u8.ToArray());
        });
        using var channel = GrpcChannel.ForAddress($"http://{listener.LocalEndpoint}");

        var exception = await Assert.ThrowsAsync<RpcException>(
            async () => await new Echo.V1.Echo.EchoClient(channel).UnaryAsync(new EchoRequest()));

        Assert.True(exception.StatusCode == StatusCode.Unavailable, exception.ToString());
        await answering;
    }

    private static GrpcChannel CreateChannel(string address, Func<Stream, Stream> wrap)
    {
        var port = new Uri(address).Port;
        var handler = new SocketsHttpHandler
        {
            KeepAlivePingDelay = TimeSpan.FromSeconds(1),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(1),
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync("127.0.0.1", port, cancellationToken);
                return wrap(new NetworkStream(socket, ownsSocket: true));
            },
        };
        return GrpcChannel.ForAddress(
            "http://node.invalid", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }
}
