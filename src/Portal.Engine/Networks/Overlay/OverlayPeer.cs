namespace Portal.Engine.Networks.Overlay;

/// <summary>Another node of a network, and what is there.</summary>
/// <param name="NodeAddress">Its IPv4 address.</param>
public sealed record OverlayPeer(string NodeAddress)
{
    /// <summary>Addresses behind it.</summary>
    public IReadOnlyList<OverlayEndpoint> Endpoints { get; init; } = [];
}
