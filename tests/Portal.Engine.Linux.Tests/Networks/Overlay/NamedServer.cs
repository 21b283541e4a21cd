using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Engine.Linux.Tests.Networks.Overlay;

/// <summary>Answers whatever comes over TCP and UDP with its own name, on as long as the other side asks. Runs inside a namespace.</summary>
internal sealed class NamedServer : IDisposable
{
    private readonly Socket _tcp;
    private readonly Socket _udp;
    private readonly byte[] _name;
    private readonly ConcurrentDictionary<Socket, byte> _open = new();

    private NamedServer(string path, int port, string name)
    {
        _name = Encoding.ASCII.GetBytes(name);
        _tcp = EchoServer.Make(path, SocketType.Stream, ProtocolType.Tcp);
        _udp = EchoServer.Make(path, SocketType.Dgram, ProtocolType.Udp);
        _tcp.Bind(new IPEndPoint(IPAddress.Any, port));
        _udp.Bind(new IPEndPoint(IPAddress.Any, port));
        _tcp.Listen();
        _ = AcceptAsync();
        _ = AnswerAsync();
    }

    /// <summary>The addresses from which connections came.</summary>
    public ConcurrentBag<string> Seen { get; } = [];

    public static NamedServer Start(string path, int port, string name) => new(path, port, name);

    /// <summary>How many connections are open.</summary>
    public int Open => _open.Count;

    public void Dispose()
    {
        _tcp.Dispose();
        _udp.Dispose();
        foreach (var connection in _open.Keys)
        {
            connection.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = await _tcp.AcceptAsync();
                _open.TryAdd(connection, 0);
                Seen.Add(((IPEndPoint)connection.RemoteEndPoint!).Address.ToString());
                _ = ServeAsync(connection);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test ended.
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        var buffer = new byte[64];
        try
        {
            while (await connection.ReceiveAsync(buffer) > 0)
            {
                await connection.SendAsync(_name);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other side, or the test, ended.
        }
        finally
        {
            _open.TryRemove(connection, out _);
            connection.Dispose();
        }
    }

    private async Task AnswerAsync()
    {
        var buffer = new byte[64];
        try
        {
            while (true)
            {
                var received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                await _udp.SendToAsync(_name, received.RemoteEndPoint);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test ended.
        }
    }
}
