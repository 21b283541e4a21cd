using System.Net;

namespace Portal.Engine.Networks.Drivers;

/// <summary>Which hosts' packets a network that spans nodes takes.</summary>
/// <param name="Port">The UDP port.</param>
/// <param name="Vni">The network's number on the wire.</param>
/// <param name="Nodes">IPv4 addresses of its other nodes; packets of that number from anybody else are dropped.</param>
public sealed record FirewallOverlay(int Port, int Vni, IReadOnlyList<IPAddress> Nodes);
