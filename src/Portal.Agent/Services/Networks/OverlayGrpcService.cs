using Grpc.Core;
using Portal.Contracts.Networks.V1;
using Portal.Engine.Errors;
using Portal.Engine.Events;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Overlay;

namespace Portal.Agent.Services.Networks;

/// <summary>This node's part of networks that span nodes, as the portal wants it.</summary>
internal sealed class OverlayGrpcService(
    INetworks networks, IOverlayNetworks overlays, OverlayAddress address, IEngineEvents events)
    : OverlayService.OverlayServiceBase
{
    private const int MostNetworks = 256;
    private const int MostPorts = 512;

    public override async Task<SyncOverlaysResponse> SyncOverlays(SyncOverlaysRequest request, ServerCallContext context)
    {
        if (request.Networks.Count > MostNetworks)
        {
            throw EngineException.InvalidArgument($"a node has at most {MostNetworks} networks that span nodes");
        }

        var own = address.Find();
        var response = new SyncOverlaysResponse { NodeAddress = own };
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var id in overlays.Versions().Keys.Except(request.Networks.Select(network => network.Id)))
        {
            await TryAsync(id, () => networks.RemoveAsync(id, context.CancellationToken)).ConfigureAwait(false);
        }

        foreach (var wanted in request.Networks)
        {
            await TryAsync(wanted.Id, () => BringAsync(wanted, own, context.CancellationToken)).ConfigureAwait(false);
        }

        foreach (var (id, version) in overlays.Versions())
        {
            var state = new OverlayState
            {
                Id = id, TableVersion = version, Problem = problems.GetValueOrDefault(id, ""), IngressProblem = overlays.IngressProblem(id),
            };
            state.Endpoints.AddRange(overlays.EndpointsOf(id).Select(OverlayMapping.ToEndpoint));
            response.Networks.Add(state);
            problems.Remove(id);
        }

        response.Networks.AddRange(problems.Select(problem => new OverlayState { Id = problem.Key, Problem = problem.Value }));
        return response;

        async Task TryAsync(string id, Func<Task> step)
        {
            try
            {
                await step().ConfigureAwait(false);
            }
            catch (EngineException failure)
            {
                problems[id] = failure.Message;
            }
        }
    }

    public override Task<CheckPortsResponse> CheckPorts(CheckPortsRequest request, ServerCallContext context)
    {
        if (request.Ports.Count > MostPorts)
        {
            throw EngineException.InvalidArgument($"at most {MostPorts} ports are asked for at once");
        }

        var response = new CheckPortsResponse();
        response.Taken.AddRange(overlays.FindTaken([.. request.Ports.Select(OverlayMapping.ToPort)])
            .Select(taken => new TakenPort { Port = OverlayMapping.ToPort(taken.Key), Reason = taken.Value }));
        return Task.FromResult(response);
    }

    private async Task BringAsync(OverlayAssignment wanted, string own, CancellationToken cancellationToken)
    {
        var request = new NetworkRequest
        {
            Name = wanted.Name,
            Driver = "overlay",
            IsAttachable = true,
            IsInternal = wanted.Internal,
            Overlay = new OverlayPlace(wanted.Id, wanted.Vni, own) { Port = wanted.Port },
            Subnets = [new NetworkSubnet { Subnet = wanted.Subnet, IpRange = wanted.Range, Gateway = wanted.Gateway }],
        };
        var isNew = !overlays.Versions().ContainsKey(wanted.Id);
        await overlays.EnsureAsync(request, cancellationToken).ConfigureAwait(false);
        if (isNew)
        {
            var told = new Dictionary<string, string> { ["name"] = wanted.Name, ["type"] = request.Driver };
            events.Publish(EngineEventType.Network, "create", wanted.Id, told);
        }

        if (wanted.Table is { } table)
        {
            await overlays.SetPeersAsync(OverlayMapping.ToTable(wanted.Id, table), cancellationToken).ConfigureAwait(false);
        }

        overlays.Confirm(wanted.Id, wanted.Left);
    }
}
