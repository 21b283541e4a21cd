using Grpc.Core;
using Portal.Contracts.System.V1;

namespace Portal.Simulation.Link;

internal sealed class SimulatedSystem : SystemService.SystemServiceBase
{
    public override Task<PingResponse> Ping(PingRequest request, ServerCallContext context) => Task.FromResult(new PingResponse());
}
