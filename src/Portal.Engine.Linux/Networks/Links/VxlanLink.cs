using System.Net;

namespace Portal.Engine.Linux.Networks.Links;

/// <summary>An interface that puts Ethernet frames into UDP (RFC 7348).</summary>
/// <param name="Vni">The network's number, 24 bits.</param>
/// <param name="Local">The host's IPv4 address.</param>
/// <param name="Port">UDP port here and there.</param>
internal sealed record VxlanLink(int Vni, IPAddress Local, int Port);
