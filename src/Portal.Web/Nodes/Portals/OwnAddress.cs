using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Portal.Web.Nodes.Portals;

/// <summary>Under which address the other portals of a database reach this one, when nobody has said it.</summary>
internal static class OwnAddress
{
    /// <summary>Finds it.</summary>
    /// <param name="listening">What the server listens on. Over TLS goes before plain.</param>
    /// <param name="connectionString">The database's: where the others are to be found, too.</param>
    public static Uri Find(IEnumerable<string> listening, string connectionString)
    {
        var url = new UriBuilder(listening.OrderByDescending(one => one.StartsWith("https:", StringComparison.Ordinal)).First());
        if (IPAddress.TryParse(url.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)))
        {
            url.Host = Toward(new NpgsqlConnectionStringBuilder(connectionString)).ToString();
        }

        return url.Uri;
    }

    private static IPAddress Toward(NpgsqlConnectionStringBuilder database)
    {
        // Of several the first; a path is a socket on this very machine.
        var host = (database.Host ?? "").Split(',')[0];
        if (host.Length == 0 || host.StartsWith('/'))
        {
            return IPAddress.Loopback;
        }

        try
        {
            // Nothing is sent: the kernel says which address it would send from.
            using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(host.Split(':')[0], database.Port);
            var own = ((IPEndPoint)socket.LocalEndPoint!).Address;
            return own.IsIPv4MappedToIPv6 ? own.MapToIPv4() : own;
        }
        catch (SocketException)
        {
            return IPAddress.Loopback;
        }
    }
}
