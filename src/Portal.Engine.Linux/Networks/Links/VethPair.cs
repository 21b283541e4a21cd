namespace Portal.Engine.Linux.Networks.Links;

/// <summary>A pair of interfaces: what goes into one comes out of the other (veth(4)).</summary>
/// <param name="Name">The one here.</param>
/// <param name="Bridge">Number of the bridge that it becomes a port of, or 0.</param>
/// <param name="PeerName">The one in the other namespace.</param>
/// <param name="PeerHardwareAddress">Six bytes.</param>
/// <param name="Mtu">Largest packet in bytes, on both.</param>
internal sealed record VethPair(string Name, int Bridge, string PeerName, byte[] PeerHardwareAddress, int Mtu);
