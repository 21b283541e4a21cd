using System.Net;
using System.Net.Sockets;
using Portal.Agent.Link;
using Portal.Engine.Errors;

namespace Portal.Agent.Services.Networks;

/// <summary>
/// The IPv4 address at which other nodes reach this one: the one that an administrator named, else the one by which this host goes to the
/// portal, else, where both are on one host, the one by which it goes out.
/// </summary>
/// <param name="named">From the settings; empty for none.</param>
/// <param name="identities">Knows where the portal is.</param>
internal sealed class OverlayAddress(string named, IdentityStore identities)
{
    // TEST-NET-1 (RFC 5737): nobody is there, and nothing is sent; the kernel only looks up its way.
    private static readonly IPAddress s_outside = IPAddress.Parse("192.0.2.1");

    /// <exception cref="EngineException">Unavailable: none can be found. InvalidArgument: the named one is none.</exception>
    public string Find()
    {
        if (named.Length > 0)
        {
            return IPAddress.TryParse(named, out var address) && address.AddressFamily == AddressFamily.InterNetwork
                ? address.ToString()
                : throw EngineException.InvalidArgument($"PORTAL_NODE_ADDRESS is '{named}', which is no IPv4 address.");
        }

        return TowardsPortal() ?? Towards(s_outside)?.ToString() ?? throw new EngineException(
            EngineErrorKind.Unavailable,
            "This host has no IPv4 address at which others could reach it. Name one with the agent's setting PORTAL_NODE_ADDRESS.");
    }

    private string? TowardsPortal()
    {
        if (identities.Load() is not { } identity || !Uri.TryCreate(identity.PortalUrl.Split(',')[0], UriKind.Absolute, out var url))
        {
            return null;
        }

        try
        {
            return Dns.GetHostAddresses(url.DnsSafeHost, AddressFamily.InterNetwork)
                .Select(Towards)
                .FirstOrDefault(found => found is not null && !IPAddress.IsLoopback(found))?.ToString();
        }
        catch (SocketException)
        {
            // No name, or none in this family.
            return null;
        }
    }

    private static IPAddress? Towards(IPAddress there)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Connect(new IPEndPoint(there, 9));
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
