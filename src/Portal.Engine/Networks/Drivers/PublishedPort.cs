using System.Net;

namespace Portal.Engine.Networks.Drivers;

/// <summary>A port of the host whose packets go to a container, or a port of the container that others may route to.</summary>
/// <param name="Protocol">The transport.</param>
/// <param name="HostAddress">
/// The host's address; <see cref="IPAddress.Any"/> or <see cref="IPAddress.IPv6Any"/> for all of that family.
/// </param>
/// <param name="HostPort">1 to 65535; 0 when it is the container's own address that is open.</param>
/// <param name="ContainerAddress">The container's address, of the same family.</param>
/// <param name="ContainerPort">1 to 65535.</param>
public sealed record PublishedPort(
    PortProtocol Protocol,
    IPAddress HostAddress,
    int HostPort,
    IPAddress ContainerAddress,
    int ContainerPort)
{
    /// <summary>True when nothing is translated: others reach the container by routing to it.</summary>
    public bool IsRouted => HostPort == 0;

    /// <summary>True for IPv6.</summary>
    public bool IsIpv6 => ContainerAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
}
