using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Portal.Testing;

/// <summary>Ports for servers that must be told theirs before they start.</summary>
public static class FreePort
{
    // Below what the kernel gives to outgoing connections and to port 0 (ip_local_port_range): nobody gets it by chance meanwhile.
    private const int First = 12_000;
    private const int Last = 32_000;

    /// <summary>A TCP port that nothing on this machine listens on now.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, Last);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Any, port));
                return port;
            }
            catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody's; the next may be free.
            }
        }
    }
}
