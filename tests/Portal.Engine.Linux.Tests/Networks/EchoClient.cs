using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Networks;

/// <summary>Asks an <see cref="EchoServer"/> what address it sees; null when nothing answers.</summary>
internal static class EchoClient
{
    private static readonly TimeSpan s_patience = TestSettings.Within(TimeSpan.FromSeconds(5));
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(1);

    /// <summary>Asks over TCP.</summary>
    /// <remarks>
    /// On a busy host the kernel's own queue makes a new IPv6 address known seconds after it was set, when whoever asked its neighbour three
    /// times has given up: where an answer is expected (so without a patience of one's own), such a refusal is asked again.
    /// </remarks>
    public static async Task<string?> TcpAsync(string? namespacePath, IPAddress address, int port, TimeSpan? patience = null)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var socket = EchoServer.Make(namespacePath, SocketType.Stream, ProtocolType.Tcp, address.AddressFamily);
            var (answer, error) = await AskAsync(socket, address, port, patience);
            if (error != SocketError.HostUnreachable || patience is not null || Stopwatch.GetElapsedTime(since) > s_patience)
            {
                return answer;
            }
        }
    }

    public static async Task<string?> UdpAsync(string? namespacePath, IPAddress address, int port, TimeSpan? patience = null)
    {
        var socket = EchoServer.Make(namespacePath, SocketType.Dgram, ProtocolType.Udp, address.AddressFamily);
        return (await AskAsync(socket, address, port, patience)).Answer;
    }

    public static async Task<string?> SctpAsync(string? namespacePath, IPAddress address, int port) =>
        (await AskAsync(EchoServer.Make(namespacePath, SocketType.Stream, KernelHas.SctpProtocol), address, port, patience: null)).Answer;

    private static async Task<(string? Answer, SocketError Error)> AskAsync(Socket socket, IPAddress address, int port, TimeSpan? patience)
    {
        using var deadline = new CancellationTokenSource(patience ?? s_patience);
        using (socket)
        {
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), deadline.Token);
                var buffer = new byte[64];
                var receiving = socket.ReceiveAsync(buffer, deadline.Token).AsTask();
                if (socket.SocketType == SocketType.Dgram)
                {
                    // A datagram that meets a neighbour who is not known yet may be dropped.
                    do
                    {
                        await socket.SendAsync("?"u8.ToArray(), deadline.Token);
                    }
                    while (await Task.WhenAny(receiving, Task.Delay(s_again, deadline.Token)) != receiving);
                }

                var length = await receiving;
                return (Encoding.ASCII.GetString(buffer, 0, length), SocketError.Success);
            }
            catch (SocketException exception)
            {
                return (null, exception.SocketErrorCode);
            }
            catch (OperationCanceledException)
            {
                return (null, SocketError.TimedOut);
            }
        }
    }
}
