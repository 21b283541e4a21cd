using Portal.Engine.Networks;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Networks.Overlay;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Tests.Networks;

/// <summary>The bridges of a host in memory, and what they were told of other nodes.</summary>
internal sealed class FakeOverlays(FakeHost host) : IOverlayDriver
{
    public List<IReadOnlyList<OverlayPeer>> Told { get; } = [];

    public string Name => "overlay";

    public void Ensure(NetworkDefinition network) => host.Ensure(network);

    public void Remove(NetworkDefinition network) => host.Remove(network);

    public string? HostInterfaceName(string endpointId) => host.HostInterfaceName(endpointId);

    public void Connect(NetworkDefinition network, NetworkEndpoint endpoint, string namespacePath) =>
        host.Connect(network, endpoint, namespacePath);

    public void Route(NetworkEndpoint endpoint, string namespacePath) => host.Route(endpoint, namespacePath);

    public void Repair(NetworkDefinition network, NetworkEndpoint endpoint, string namespacePath) =>
        host.Repair(network, endpoint, namespacePath);

    public void Disconnect(NetworkEndpoint endpoint, string? namespacePath) => host.Disconnect(endpoint, namespacePath);

    public IReadOnlyList<string> RemoveStrays(IReadOnlySet<string> hostInterfaces) => [];

    public void SetPeers(NetworkDefinition network, IReadOnlyList<OverlayPeer> peers) => Told.Add(peers);
}
