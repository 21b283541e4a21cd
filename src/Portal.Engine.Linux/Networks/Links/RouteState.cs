using System.Net;

namespace Portal.Engine.Linux.Networks.Links;

/// <summary>A route.</summary>
/// <param name="Destination">First address of where it leads.</param>
/// <param name="PrefixLength">Bits of the prefix; 0 for a default route.</param>
/// <param name="LinkIndex">The link that it leads over, or 0.</param>
internal sealed record RouteState(IPAddress Destination, int PrefixLength, int LinkIndex);
