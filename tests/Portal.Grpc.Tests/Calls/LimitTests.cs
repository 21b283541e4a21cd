using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Portal.Grpc.Tests.Echo.V1;
using Portal.Grpc.Tests.Hosting;

namespace Portal.Grpc.Tests.Calls;

public sealed class LimitTests
{
    private static readonly EchoRequest s_big = new() { Payload = ByteString.CopyFrom(new byte[10_000]) };

    [Fact]
    public async Task Server_RequestAboveReceiveLimit_IsResourceExhausted()
    {
        await using var server = await GrpcTestServer.StartAsync(o => o.MaxReceiveMessageSize = 1000);

        Assert.Equal(StatusCode.ResourceExhausted, (await CallAsync(server.Client)).StatusCode);
    }

    [Fact]
    public async Task Server_ResponseAboveSendLimit_IsResourceExhausted()
    {
        await using var server = await GrpcTestServer.StartAsync(o => o.MaxSendMessageSize = 1000);

        Assert.Equal(StatusCode.ResourceExhausted, (await CallAsync(server.Client)).StatusCode);
    }

    [Fact]
    public async Task Client_RequestAboveSendLimit_IsResourceExhausted()
    {
        await using var server = await GrpcTestServer.StartAsync();
        var client = server.CreateClient(new GrpcChannelOptions { MaxSendMessageSize = 1000 });

        Assert.Equal(StatusCode.ResourceExhausted, (await CallAsync(client)).StatusCode);
        using var call = client.Chat();
        var write = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(s_big));
        Assert.Equal(StatusCode.ResourceExhausted, write.StatusCode);
    }

    [Fact]
    public async Task Client_ResponseAboveReceiveLimit_IsResourceExhausted()
    {
        await using var server = await GrpcTestServer.StartAsync();
        var client = server.CreateClient(new GrpcChannelOptions { MaxReceiveMessageSize = 1000 });

        Assert.Equal(StatusCode.ResourceExhausted, (await CallAsync(client)).StatusCode);
    }

    [Fact]
    public async Task Writer_SecondWriteAtOnce_Throws()
    {
        await using var server = await GrpcTestServer.StartAsync();
        using var call = server.Client.Chat();
        var payload = new EchoRequest { Payload = ByteString.CopyFrom(new byte[4_000_000]) };
        var writing = call.RequestStream.WriteAsync(payload);

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(payload));

        await writing;
    }

    [Fact]
    public async Task Channel_OverConnectCallback_Calls()
    {
        await using var server = await GrpcTestServer.StartAsync();
        var port = new Uri(server.Address).Port;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync("127.0.0.1", port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var channel = GrpcChannel.ForAddress(
            "http://node.invalid", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });

        Assert.Equal("over", (await new Echo.V1.Echo.EchoClient(channel).UnaryAsync(new EchoRequest { Text = "over" })).Text);
    }

    [Fact]
    public async Task Channel_OverHttpClient_Streams()
    {
        await using var server = await GrpcTestServer.StartAsync();
        using var http = new HttpClient();
        var client = server.CreateClient(new GrpcChannelOptions { HttpClient = http });
        using var call = client.WaitStream(new WaitRequest { Id = "http" });

        Assert.True(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public void Channel_HandlerAndClient_Throws()
    {
        using var http = new HttpClient();
        using var handler = new SocketsHttpHandler();

        Assert.Throws<ArgumentException>(() => GrpcChannel.ForAddress(
            "http://localhost", new GrpcChannelOptions { HttpClient = http, HttpHandler = handler }));
    }

    private static async Task<RpcException> CallAsync(Echo.V1.Echo.EchoClient client) =>
        await Assert.ThrowsAsync<RpcException>(async () => await client.UnaryAsync(s_big));
}
