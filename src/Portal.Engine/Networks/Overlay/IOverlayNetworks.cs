using Portal.Engine.Networks.Ingress;

namespace Portal.Engine.Networks.Overlay;

/// <summary>
/// This node's part of networks that span nodes. Somebody who knows all nodes tells each what the others have; the engine itself asks
/// nobody and sends nothing. Calls are idempotent.
/// </summary>
public interface IOverlayNetworks
{
    /// <summary>Makes a network here, or brings it in line when this node's own address changed.</summary>
    /// <param name="request">With <see cref="NetworkRequest.Overlay"/>, and a subnet with the part of it that is this node's.</param>
    /// <param name="cancellationToken">Stops the waiting for other operations.</param>
    /// <exception cref="Errors.EngineException">
    /// As <see cref="INetworks.CreateAsync"/>; Conflict: the network is here with other addresses or another number.
    /// </exception>
    Task EnsureAsync(NetworkRequest request, CancellationToken cancellationToken = default);

    /// <summary>Replaces all that is known of a network's other nodes.</summary>
    /// <exception cref="Errors.EngineException">NotFound; InvalidArgument: an address is none, or appears twice.</exception>
    Task SetPeersAsync(OverlayTable table, CancellationToken cancellationToken = default);

    /// <summary>The networks of this kind that are here, with the version of what is known of their other nodes (0 for nothing).</summary>
    IReadOnlyDictionary<string, long> Versions();

    /// <summary>What the others must know of this node: its bridge, and each container on the network.</summary>
    IReadOnlyList<OverlayEndpoint> EndpointsOf(string networkId);

    /// <summary>
    /// Says that all is as it is told, and which addresses of this node that are leaving no other node leads connections to any more.
    /// </summary>
    void Confirm(string networkId, IReadOnlyCollection<string> left);

    /// <summary>What keeps this node from answering at ports of a network, for the user; empty when it answers at all.</summary>
    string IngressProblem(string networkId);

    /// <summary>Which of some ports this node could not answer at, and why: containers or programs of the host have them.</summary>
    IReadOnlyDictionary<IngressPort, string> FindTaken(IReadOnlyCollection<IngressPort> ports);
}
