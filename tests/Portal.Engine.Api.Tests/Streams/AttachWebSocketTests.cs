using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Portal.Engine.Api.Tests.Fakes;
using Portal.Engine.Api.Tests.Hosting;
using Portal.Engine.Runtime;
using Portal.Testing;

namespace Portal.Engine.Api.Tests.Streams;

/// <summary>Attaching over a WebSocket, by .NET's own client.</summary>
public sealed class AttachWebSocketTests : IAsyncLifetime, IDisposable
{
    private const string All = "stream=1&stdin=1&stdout=1&stderr=1";
    private static readonly TimeSpan s_limit = TestSettings.Within(TimeSpan.FromSeconds(30));
    private readonly CancellationTokenSource _ending = new(s_limit);
    private DockerApiHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await DockerApiHost.StartAsync();
        _host.Containers.All.Add(FakeContainers.Describe());
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _ending.Dispose();

    [Fact]
    public async Task Attach_BothWays_CarriesBareBytes()
    {
        using var socket = await ConnectAsync(All);
        await socket.SendAsync("typed"u8.ToArray(), WebSocketMessageType.Text, true, _ending.Token);
        await socket.SendAsync(new byte[] { 0, 255, 10 }, WebSocketMessageType.Binary, true, _ending.Token);
        _host.Containers.Process.Say("out");

        Assert.Equal((WebSocketMessageType.Binary, "out"), await ReadAsync(socket));
        _host.Containers.Process.Say("err", OutputSource.Stderr);
        Assert.Equal((WebSocketMessageType.Binary, "err"), await ReadAsync(socket));
        var typed = "";
        while (typed.Length < 8)
        {
            typed += await _host.Containers.Process.Input.ReadAsync();
        }

        Assert.StartsWith("typed", typed);
    }

    [Fact]
    public async Task Attach_OutputEnds_ClosesNormally()
    {
        using var socket = await ConnectAsync(All);
        _host.Containers.Process.Say("last");
        _host.Containers.Process.End();

        Assert.Equal("last", (await ReadAsync(socket)).Text);
        Assert.Equal(WebSocketMessageType.Close, (await ReadAsync(socket)).Kind);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _ending.Token);
        await _host.Containers.Process.Disposed.WaitAsync(s_limit);
    }

    [Theory]
    [InlineData(All)]
    [InlineData("stream=1&stdout=1")]
    public async Task Attach_ClientCloses_LetsGoOfTheProcess(string query)
    {
        using var socket = await ConnectAsync(query);

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _ending.Token);

        await _host.Containers.Process.Disposed.WaitAsync(s_limit);
    }

    [Theory]
    [InlineData(All)]
    [InlineData("stream=1&stdout=1")]
    public async Task Attach_ClientVanishes_LetsGoOfTheProcess(string query)
    {
        var socket = await ConnectAsync(query);

        socket.Abort();

        await _host.Containers.Process.Disposed.WaitAsync(s_limit);
    }

    [Theory]
    [InlineData("")]
    [InlineData("|Connection: Upgrade|Upgrade: tcp")]
    [InlineData("|Connection: Upgrade|Upgrade: websocket|Sec-WebSocket-Version: 8|Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("|Connection: Upgrade|Upgrade: websocket|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: short")]
    public async Task Attach_NoHandshake_IsRefusedBeforeAnythingIsAttached(string headers)
    {
        using var socket = await _host.SendAsync($"GET /v1.47/containers/web/attach/ws?{All} HTTP/1.1{headers}");

        Assert.StartsWith("HTTP/1.1 400 ", await socket.ReadHeadAsync());
    }

    [Fact]
    public async Task Attach_FromAWebPage_IsRefused()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "http://evil.example");
        socket.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(socket, "web", All));

        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task Attach_UnknownContainer_IsNotFound()
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(socket, "nope", All));

        Assert.Equal(HttpStatusCode.NotFound, socket.HttpStatusCode);
    }

    private async Task<ClientWebSocket> ConnectAsync(string query)
    {
        var socket = new ClientWebSocket();
        await ConnectAsync(socket, "web", query);
        return socket;
    }

    private async Task ConnectAsync(ClientWebSocket socket, string container, string query)
    {
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) => new NetworkStream(await _host.ConnectAsync(token), ownsSocket: true),
        });
        await socket.ConnectAsync(new Uri($"ws://docker/v1.47/containers/{container}/attach/ws?{query}"), invoker, _ending.Token);
    }

    private async Task<(WebSocketMessageType Kind, string Text)> ReadAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var read = await socket.ReceiveAsync(buffer, _ending.Token);
        return (read.MessageType, Encoding.UTF8.GetString(buffer, 0, read.Count));
    }
}
