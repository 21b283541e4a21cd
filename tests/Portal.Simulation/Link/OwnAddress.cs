using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Portal.Contracts.Link;

namespace Portal.Simulation.Link;

/// <summary>
/// Joins from an address of loopback that is the node's own. The portal bounds attempts by address, as the nodes of a fleet have one
/// each.
/// </summary>
internal static class OwnAddress
{
    private const int InNetwork = 250;

    public static async Task<JoinResponse> JoinAsync(Uri portal, int number, JoinRequest request, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = (context, cancelled) => ConnectAsync(context, Of(number), cancelled),
        });
        using var response = await client.PostAsJsonAsync(new Uri(portal, LinkProtocol.JoinPath), request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JoinResponse>(cancellationToken))!;
    }

    private static IPAddress Of(int number) => new([127, 1, (byte)(number / InNetwork), (byte)(1 + (number % InNetwork))]);

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, IPAddress from, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
