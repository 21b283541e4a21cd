using System.Net;
using System.Net.Sockets;
using System.Text;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Networks;

/// <summary>Asks an <see cref="EchoServer"/> what address it sees; null when nothing answers.</summary>
internal static class EchoClient
{
    private static readonly TimeSpan s_patience = TestSettings.Within(TimeSpan.FromSeconds(5));

    public static Task<string?> TcpAsync(string? namespacePath, IPAddress address, int port, TimeSpan? patience = null)
    {
        var socket = EchoServer.Make(namespacePath, SocketType.Stream, ProtocolType.Tcp, address.AddressFamily);
        return AskAsync(socket, address, port, patience);
    }

    public static Task<string?> UdpAsync(string? namespacePath, IPAddress address, int port, TimeSpan? patience = null)
    {
        var socket = EchoServer.Make(namespacePath, SocketType.Dgram, ProtocolType.Udp, address.AddressFamily);
        return AskAsync(socket, address, port, patience);
    }

    public static Task<string?> SctpAsync(string? namespacePath, IPAddress address, int port)
    {
        return AskAsync(EchoServer.Make(namespacePath, SocketType.Stream, KernelHas.SctpProtocol), address, port, patience: null);
    }

    private static async Task<string?> AskAsync(Socket socket, IPAddress address, int port, TimeSpan? patience)
    {
        using var deadline = new CancellationTokenSource(patience ?? s_patience);
        using (socket)
        {
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), deadline.Token);
                if (socket.SocketType == SocketType.Dgram)
                {
                    await socket.SendAsync("?"u8.ToArray(), deadline.Token);
                }

                var buffer = new byte[64];
                var length = await socket.ReceiveAsync(buffer, deadline.Token);
                return Encoding.ASCII.GetString(buffer, 0, length);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                return null;
            }
        }
    }
}
