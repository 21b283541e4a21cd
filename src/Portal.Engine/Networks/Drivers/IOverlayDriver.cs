using Portal.Engine.Networks.Overlay;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Networks.Drivers;

/// <summary>A driver whose networks span nodes. It learns nothing from packets: what it isn't told, it doesn't reach.</summary>
public interface IOverlayDriver : INetworkDriver
{
    /// <summary>Brings what the kernel knows of other nodes in line with the whole list.</summary>
    /// <exception cref="Errors.EngineException">Unavailable: the network's links are not there.</exception>
    void SetPeers(NetworkDefinition network, IReadOnlyList<OverlayPeer> peers);
}
