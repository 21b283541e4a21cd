using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Portal.Contracts.Volumes.V1;

namespace Portal.Simulation.Link;

/// <summary>The two volumes that every node has.</summary>
internal sealed class SimulatedVolumes : VolumeService.VolumeServiceBase
{
    private static readonly ListVolumesResponse s_all = Make();

    public override Task<ListVolumesResponse> ListVolumes(ListVolumesRequest request, ServerCallContext context) => Task.FromResult(s_all);

    private static ListVolumesResponse Make()
    {
        var all = new ListVolumesResponse();
        foreach (var name in new[] { "data", "uploads" })
        {
            all.Volumes.Add(new Volume
            {
                Name = name,
                Driver = "local",
                Mountpoint = $"/nowhere/{name}",
                CreatedAt = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
                SizeBytes = 1_000_000_000,
            });
        }

        return all;
    }
}
