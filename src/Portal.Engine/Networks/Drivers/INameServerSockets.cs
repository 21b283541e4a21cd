using System.Net;
using System.Net.Sockets;

namespace Portal.Engine.Networks.Drivers;

/// <summary>Sockets of the host, and of namespaces that the caller never enters.</summary>
public interface INameServerSockets
{
    /// <summary>A bound socket; one of a stream listens.</summary>
    /// <param name="type">Datagram or stream.</param>
    /// <param name="place">Address and port.</param>
    /// <param name="namespacePath">The namespace that it shall be in; null for the host's.</param>
    /// <exception cref="SocketException">The address is not there, or taken.</exception>
    Socket Open(SocketType type, IPEndPoint place, string? namespacePath);
}
