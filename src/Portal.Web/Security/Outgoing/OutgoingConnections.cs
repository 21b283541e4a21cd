using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Portal.Web.Configuration;

namespace Portal.Web.Security.Outgoing;

/// <summary>
/// Connects to addresses that people entered. Names are resolved here, and what they resolve to is judged and connected to, so that no name
/// leads into the portal's own network after it was judged: only networks of <c>PORTAL_OUTGOING_INSIDE</c> may be reached there.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class OutgoingConnections(IOptions<PortalOptions> options)
{
    /// <exception cref="OutgoingException">No address that may be reached.</exception>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    public async Task<NetworkStream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var allowed = await ResolveAsync(host, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The addresses of a host that may be reached, for a program that connects by itself: it is to take these.</summary>
    /// <exception cref="OutgoingException">No address that may be reached.</exception>
    /// <exception cref="SocketException">The name is unknown.</exception>
    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        var allowed = addresses.Where(MayReach).ToArray();
        return allowed.Length > 0 ? allowed : throw new OutgoingException(
            E("'{0:name}' is an address inside private networks, which the portal does not call. If it is meant, add its network to "
            + "PORTAL_OUTGOING_INSIDE.", host));
    }

    /// <summary>A client that connects in this way, follows no redirects and uses no proxy.</summary>
    /// <param name="mostBytes">No longer answer is read.</param>
    public HttpClient CreateClient(int mostBytes = 64 * 1024) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = async (context, token) => await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, token),
    })
    {
        Timeout = TimeSpan.FromSeconds(15),
        MaxResponseContentBufferSize = mostBytes,
    };

    private bool MayReach(IPAddress address) => !InsideNetworks.Contain(address)
        || options.Value.OutgoingNetworks.Any(network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));
}
