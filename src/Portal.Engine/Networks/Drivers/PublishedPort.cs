using System.Net;

namespace Portal.Engine.Networks.Drivers;

/// <summary>A port of the host whose packets go to a container.</summary>
/// <param name="Protocol">The transport.</param>
/// <param name="HostAddress">The host's IPv4 address; <see cref="IPAddress.Any"/> for all of them.</param>
/// <param name="HostPort">1 to 65535.</param>
/// <param name="ContainerAddress">The container's IPv4 address.</param>
/// <param name="ContainerPort">1 to 65535.</param>
public sealed record PublishedPort(
    PortProtocol Protocol,
    IPAddress HostAddress,
    int HostPort,
    IPAddress ContainerAddress,
    int ContainerPort);
