using Portal.Engine.Networks;
using Portal.Engine.Networks.Ingress;
using Portal.Engine.Networks.Overlay;

namespace Portal.Agent.Tests.Fakes;

/// <summary>No networks over nodes; ports that somebody has.</summary>
internal sealed class FakeOverlays : IOverlayNetworks
{
    public Dictionary<IngressPort, string> Taken { get; } = [];

    public Task EnsureAsync(NetworkRequest request, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SetPeersAsync(OverlayTable table, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public IReadOnlyDictionary<string, long> Versions() => new Dictionary<string, long>();

    public IReadOnlyList<OverlayEndpoint> EndpointsOf(string networkId) => [];

    public void Confirm(string networkId, IReadOnlyCollection<string> left)
    {
        // There is nobody to wait for it.
    }

    public string IngressProblem(string networkId) => "";

    public IReadOnlyDictionary<IngressPort, string> FindTaken(IReadOnlyCollection<IngressPort> ports) =>
        ports.Where(Taken.ContainsKey).ToDictionary(port => port, port => Taken[port]);
}
