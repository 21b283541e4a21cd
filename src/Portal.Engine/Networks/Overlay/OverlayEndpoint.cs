using Portal.Engine.Networks.Ingress;

namespace Portal.Engine.Networks.Overlay;

/// <summary>One address on a network that spans nodes: a container's, or a bridge's.</summary>
/// <param name="Address">IPv4, dotted.</param>
/// <param name="MacAddress">Six pairs of hexadecimal digits with colons.</param>
public sealed record OverlayEndpoint(string Address, string MacAddress)
{
    /// <summary>What the network's containers call it; empty for a bridge, or for a container that shall not be found now.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>What it answers behind ports of every node.</summary>
    public IReadOnlyList<IngressTarget> Targets { get; init; } = [];

    /// <summary>Whether it takes connections to those.</summary>
    public IngressState State { get; init; }
}
