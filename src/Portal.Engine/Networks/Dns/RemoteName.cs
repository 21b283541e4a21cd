using System.Net;

namespace Portal.Engine.Networks.Dns;

/// <summary>A container on another node.</summary>
/// <param name="NetworkId">The network that both are on.</param>
/// <param name="NetworkName">That network's name.</param>
/// <param name="Address">The container's address.</param>
/// <param name="Names">What it is called, in small letters; at least one.</param>
internal sealed record RemoteName(string NetworkId, string NetworkName, IPAddress Address, IReadOnlyList<string> Names);
