using System.Net;
using System.Net.Sockets;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Linux.Networks.Namespaces;

/// <summary>A socket belongs to the namespace of the thread that opens it, wherever it is used afterwards. Keeps no state.</summary>
internal sealed class LinuxNameServerSockets : INameServerSockets
{
    private const int Backlog = 64;

    public Socket Open(SocketType type, IPEndPoint place, string? namespacePath)
    {
        try
        {
            return namespacePath is null ? Open(type, place) : NamespaceThread.Run(namespacePath, () => Open(type, place));
        }
        catch (IOException exception)
        {
            // The container ended, and its namespace with it.
            throw new SocketException((int)SocketError.AddressNotAvailable, exception.Message);
        }
    }

    private static Socket Open(SocketType type, IPEndPoint place)
    {
        var socket = new Socket(place.AddressFamily, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp);
        try
        {
            socket.Bind(place);
            if (type == SocketType.Stream)
            {
                socket.Listen(Backlog);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
