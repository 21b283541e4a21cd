using System.Net;

namespace Portal.Engine.Linux.Networks.Links;

/// <summary>An address of a link.</summary>
/// <param name="LinkIndex">The link's number.</param>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">Bits of its subnet's prefix.</param>
internal sealed record AddressState(int LinkIndex, IPAddress Address, int PrefixLength);
