using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Portal.Contracts.Networks.V1;

namespace Portal.Simulation.Link;

/// <summary>The network that every node has.</summary>
internal sealed class SimulatedNetworks : NetworkService.NetworkServiceBase
{
    private static readonly ListNetworksResponse s_all = Make();

    public override Task<ListNetworksResponse> ListNetworks(ListNetworksRequest request, ServerCallContext context) =>
        Task.FromResult(s_all);

    private static ListNetworksResponse Make()
    {
        var all = new ListNetworksResponse();
        all.Networks.Add(new Network
        {
            Id = new string('4', 64),
            Name = "bridge",
            Driver = "bridge",
            CreatedAt = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
            EnableIpv4 = true,
            Predefined = true,
        });
        return all;
    }
}
