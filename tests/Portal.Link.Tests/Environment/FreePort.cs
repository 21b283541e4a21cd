using System.Net;
using System.Net.Sockets;

namespace Portal.Link.Tests.Environment;

internal static class FreePort
{
    /// <summary>A TCP port of loopback that nobody has now.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
