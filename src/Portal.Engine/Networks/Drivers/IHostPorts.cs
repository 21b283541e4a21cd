using System.Net;

namespace Portal.Engine.Networks.Drivers;

/// <summary>
/// The host's own ports. A published port is held by a bound socket, so that no process of the host takes it while the firewall
/// sends its packets to a container. A hold ends with the process; it is taken again when the engine starts.
/// </summary>
public interface IHostPorts
{
    /// <summary>The first and the last of the ports that random ones come from.</summary>
    (int First, int Last) RandomRange { get; }

    /// <summary>Holds a port.</summary>
    /// <param name="protocol">The transport.</param>
    /// <param name="address">
    /// One of the host's addresses, or <see cref="IPAddress.Any"/> or <see cref="IPAddress.IPv6Any"/> for all of that family.
    /// </param>
    /// <param name="port">1 to 65535.</param>
    /// <returns>The hold, which disposing ends; null when a process of the host has the port.</returns>
    /// <exception cref="Errors.EngineException">InvalidArgument: the host does not have the address.</exception>
    IDisposable? TryHold(PortProtocol protocol, IPAddress address, int port);
}
