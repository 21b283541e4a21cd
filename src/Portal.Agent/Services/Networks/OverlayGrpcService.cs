using Grpc.Core;
using Portal.Contracts.Networks.V1;
using Portal.Engine.Errors;
using Portal.Engine.Events;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Overlay;
using EngineEndpoint = Portal.Engine.Networks.Overlay.OverlayEndpoint;
using EnginePeer = Portal.Engine.Networks.Overlay.OverlayPeer;
using EngineTable = Portal.Engine.Networks.Overlay.OverlayTable;
using OverlayEndpoint = Portal.Contracts.Networks.V1.OverlayEndpoint;

namespace Portal.Agent.Services.Networks;

/// <summary>This node's part of networks that span nodes, as the portal wants it.</summary>
internal sealed class OverlayGrpcService(
    INetworks networks, IOverlayNetworks overlays, OverlayAddress address, IEngineEvents events)
    : OverlayService.OverlayServiceBase
{
    private const int MostNetworks = 256;

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
            var state = new OverlayState { Id = id, TableVersion = version, Problem = problems.GetValueOrDefault(id, "") };
            state.Endpoints.AddRange(overlays.EndpointsOf(id).Select(ToEndpoint));
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
            await overlays.SetPeersAsync(ToTable(wanted.Id, table), cancellationToken).ConfigureAwait(false);
        }
    }

    private static EngineTable ToTable(string id, Portal.Contracts.Networks.V1.OverlayTable table) => new(id, table.Version)
    {
        Peers = [.. table.Peers.Select(peer => new EnginePeer(peer.NodeAddress)
        {
            Endpoints = [.. peer.Endpoints.Select(endpoint => new EngineEndpoint(endpoint.Address, endpoint.MacAddress)
            {
                Names = [.. endpoint.Names],
            })],
        })],
    };

    private static OverlayEndpoint ToEndpoint(EngineEndpoint endpoint)
    {
        var told = new OverlayEndpoint { Address = endpoint.Address, MacAddress = endpoint.MacAddress };
        told.Names.AddRange(endpoint.Names);
        return told;
    }
}
