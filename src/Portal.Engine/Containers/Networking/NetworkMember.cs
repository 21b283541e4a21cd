using Portal.Engine.Networks;

namespace Portal.Engine.Containers.Networking;

/// <summary>A container on a network.</summary>
/// <param name="Container">The container.</param>
/// <param name="Endpoint">Its interface; null while it does not run and will be on the network at its next start.</param>
public sealed record NetworkMember(ContainerInfo Container, NetworkEndpoint? Endpoint)
{
    /// <summary>What it asked of the network; null when it asked for nothing of its own.</summary>
    public NetworkConnection? Connection { get; init; }
}
