using System.Net;
using System.Net.Sockets;
using System.Text;
using Portal.Engine.Linux.Networks.Namespaces;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Networks;

/// <summary>Answers every connection or datagram with the address that it seems to come from. Runs inside a namespace.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly Socket _socket;

    private EchoServer(Socket socket)
    {
        _socket = socket;
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>One at a port of this machine that nobody gets by chance, before or after.</summary>
    public static EchoServer TcpOnHost() => Tcp(null, FreePort.Find());

    /// <summary>
    /// One at a port of this machine that was given back a moment ago: a process that another test is starting has a copy of the socket
    /// that held it until it becomes its program.
    /// </summary>
    public static async Task<EchoServer> TcpOnceFreeAsync(int port)
    {
        EchoServer? server = null;
        await Eventually.HoldsAsync(() => (server = TryTcp(port)) is not null, "the port is free");
        return server!;
    }

    public static EchoServer Tcp(string? namespacePath, int port, bool isIpv6 = false)
    {
        var server = new EchoServer(Make(namespacePath, SocketType.Stream, ProtocolType.Tcp, FamilyOf(isIpv6)));
        try
        {
            server._socket.Bind(new IPEndPoint(isIpv6 ? IPAddress.IPv6Any : IPAddress.Any, port));
            server._socket.Listen();
        }
        catch
        {
            server.Dispose();
            throw;
        }

        _ = server.AcceptAsync();
        return server;
    }

    /// <summary>The same with SCTP (sctp(7)), in its form of one connection a socket.</summary>
    public static EchoServer Sctp(string? namespacePath, int port)
    {
        var server = new EchoServer(Make(namespacePath, SocketType.Stream, KernelHas.SctpProtocol));
        server._socket.Bind(new IPEndPoint(IPAddress.Any, port));
        server._socket.Listen();
        _ = server.AcceptAsync();
        return server;
    }

    public static EchoServer Udp(string? namespacePath, int port, bool isIpv6 = false)
    {
        var server = new EchoServer(Make(namespacePath, SocketType.Dgram, ProtocolType.Udp, FamilyOf(isIpv6)));
        server._socket.Bind(new IPEndPoint(isIpv6 ? IPAddress.IPv6Any : IPAddress.Any, port));
        _ = server.AnswerAsync();
        return server;
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>
    /// Ends it and waits until nobody listens at its port: a process that another test is starting has copies of all sockets until
    /// it becomes its program.
    /// </summary>
    public async Task EndAsync()
    {
        // hex:port, then the peer, then 0A for a socket that listens (proc_net_tcp in the kernel's documentation).
        var listening = $":{Port:X4} 00000000:0000 0A ";
        Dispose();
        await Eventually.HoldsAsync(
            async () => !(await File.ReadAllTextAsync("/proc/net/tcp")).Contains(listening, StringComparison.Ordinal), "nobody listens at the port");
    }

    internal static Socket Make(
        string? namespacePath, SocketType type, ProtocolType protocol, AddressFamily family = AddressFamily.InterNetwork)
    {
        Socket Open() => protocol == KernelHas.SctpProtocol ? KernelHas.OpenSctp() : new Socket(family, type, protocol);
        return namespacePath is null ? Open() : NamespaceThread.Run(namespacePath, Open);
    }

    private static EchoServer? TryTcp(int port)
    {
        try
        {
            return Tcp(null, port);
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return null;
        }
    }

    private static AddressFamily FamilyOf(bool isIpv6) => isIpv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _socket.AcceptAsync();
                var peer = (IPEndPoint)connection.RemoteEndPoint!;
                await connection.SendAsync(Encoding.ASCII.GetBytes(peer.Address.ToString()));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test ended.
        }
    }

    private async Task AnswerAsync()
    {
        var buffer = new byte[64];
        var isIpv6 = _socket.AddressFamily == AddressFamily.InterNetworkV6;
        var any = new IPEndPoint(isIpv6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveFromAsync(buffer, any);
                var peer = (IPEndPoint)received.RemoteEndPoint;
                await _socket.SendToAsync(Encoding.ASCII.GetBytes(peer.Address.ToString()), peer);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test ended.
        }
    }
}
