using Portal.Engine.Networks.Ingress;

namespace Portal.Engine.Networks.Overlay;

/// <summary>
/// All that a node knows of a network's other nodes, as it is written down in <c>DataRoot/overlays/ID.json</c>: with the portal away, and
/// after a reboot, it goes on with that.
/// </summary>
/// <param name="NetworkId">Which network.</param>
/// <param name="Version">Of whoever made it; tells whether it is the newest.</param>
public sealed record OverlayTable(string NetworkId, long Version)
{
    /// <summary>The other nodes.</summary>
    public IReadOnlyList<OverlayPeer> Peers { get; init; } = [];

    /// <summary>Ports at which every node answers with containers of this network. Only those count of what containers say of themselves.</summary>
    public IReadOnlyList<IngressPort> Ports { get; init; } = [];

    internal static OverlayTable Defaults { get; } = new("", 0)
    {
        Peers = [new OverlayPeer("") { Endpoints = [new OverlayEndpoint("", "") { Targets = [new IngressTarget(default, 0, 0)] }] }],
        Ports = [new IngressPort(default, 0)],
    };
}
