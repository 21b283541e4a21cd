using System.Net;
using System.Net.Sockets;
using Portal.Engine.Networks;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Networks;

public sealed class NamesTests : IAsyncLifetime
{
    // A question for the address of "web".
    private static readonly byte[] s_query = [1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, (byte)'w', (byte)'e', (byte)'b', 0, 0, 1, 0, 1];

    private NetworksHost _host = null!;
    private NetworkSandbox _web = null!;

    public async Task InitializeAsync()
    {
        _host = await NetworksHost.StartAsync();
        await _host.Networks.CreateAsync(new NetworkRequest { Name = "own" });
        _web = await _host.Networks.AttachAsync(
            new NetworkAttachment { ContainerId = "web1", ContainerName = "web", Mode = "own" });
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task Ask_ByDatagramAndByStream_IsAnswered()
    {
        Assert.Equal(_web.Endpoints[0].Address, await AskAsync(isStream: false));
        Assert.Equal(_web.Endpoints[0].Address, await AskAsync(isStream: true));
    }

    [Fact]
    public async Task Ask_AfterAnEngineRestart_IsAnswered()
    {
        await _host.RestartAsync("web1");

        Assert.Equal(_web.Endpoints[0].Address, await AskAsync(isStream: false));
    }

    [Fact]
    public async Task Ask_AfterHostileStreams_IsAnsweredStill()
    {
        Assert.Equal(_web.Endpoints[0].Address, await AskAsync(isStream: true));
        for (var round = 0; round < 100; round++)
        {
            try
            {
                using var socket = await ConnectAsync(isStream: true);
                await socket.SendAsync(new byte[] { 0xFF, 0xFF, 1, 2, 3 });
            }
            catch (SocketException cut) when (cut.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
            {
                // More connections at once than are allowed: that the server hangs up before a word is said is right.
            }
        }

        Assert.Equal(_web.Endpoints[0].Address, await AskAsync(isStream: true));
    }

    private async Task<string> AskAsync(bool isStream)
    {
        byte[] sent = isStream ? [0, (byte)s_query.Length, .. s_query] : s_query;
        var buffer = new byte[512];
        const int Attempts = 150;
        for (var attempt = 0; attempt <= Attempts; attempt++)
        {
            // The listener may not have begun, or be busy with the connections before: a new try each time.
            using var patience = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromMilliseconds(500)));
            try
            {
                using var socket = await ConnectAsync(isStream);
                await socket.SendAsync(sent, patience.Token);
                var length = await socket.ReceiveAsync(buffer, patience.Token);
                if (length > 4)
                {
                    return new IPAddress(buffer[(length - 4)..length]).ToString();
                }
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException)
            {
                // A refusal comes at once: a server that has just started is given time to open its socket.
                Assert.True(attempt < Attempts, failure.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }

        return "";
    }

    private async Task<Socket> ConnectAsync(bool isStream)
    {
        var socket = isStream
            ? EchoServer.Make(_web.NamespacePath, SocketType.Stream, ProtocolType.Tcp)
            : EchoServer.Make(_web.NamespacePath, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(IPAddress.Parse(_web.Endpoints[0].Gateway), 53);
        return socket;
    }
}
