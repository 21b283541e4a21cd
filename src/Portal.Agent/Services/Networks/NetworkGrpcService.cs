using Grpc.Core;
using Portal.Contracts.Networks.V1;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Networking;
using Portal.Engine.Networks;

namespace Portal.Agent.Services.Networks;

internal sealed class NetworkGrpcService(
    INetworks networks, INetworkDirectory directory, IContainers containers, IContainerNetworks connections)
    : NetworkService.NetworkServiceBase
{
    public override async Task<ListNetworksResponse> ListNetworks(ListNetworksRequest request, ServerCallContext context)
    {
        var filter = NetworkMapping.ToFilter(request.Filter);
        var found = await directory.ListAsync(filter, context.CancellationToken).ConfigureAwait(false);
        var response = new ListNetworksResponse();
        response.Networks.AddRange(found.Select(listing => NetworkMapping.ToNetwork(listing, request.WithEndpoints)));
        return response;
    }

    public override async Task<InspectNetworkResponse> InspectNetwork(InspectNetworkRequest request, ServerCallContext context)
    {
        var listing = await directory.InspectAsync(request.Network, context.CancellationToken).ConfigureAwait(false);
        return NetworkMapping.ToInspection(listing);
    }

    public override async Task<CreateNetworkResponse> CreateNetwork(CreateNetworkRequest request, ServerCallContext context)
    {
        var made = await networks.CreateAsync(NetworkMapping.ToRequest(request), context.CancellationToken).ConfigureAwait(false);
        return new CreateNetworkResponse { Network = NetworkMapping.ToNetwork(new NetworkListing(made, []), withEndpoints: false) };
    }

    public override async Task<RemoveNetworkResponse> RemoveNetwork(RemoveNetworkRequest request, ServerCallContext context)
    {
        var network = await directory.FindAsync(request.Network, context.CancellationToken).ConfigureAwait(false);
        await networks.RemoveAsync(network.Id, context.CancellationToken).ConfigureAwait(false);
        return new RemoveNetworkResponse();
    }

    public override async Task<PreviewPruneResponse> PreviewPrune(PreviewPruneRequest request, ServerCallContext context)
    {
        var filter = NetworkMapping.ToFilter(request.Filter);
        var found = await directory.PreviewPruneAsync(filter, context.CancellationToken).ConfigureAwait(false);
        var response = new PreviewPruneResponse();
        response.Networks.AddRange(found.Select(listing => NetworkMapping.ToNetwork(listing, withEndpoints: true)));
        return response;
    }

    public override async Task<PruneNetworksResponse> PruneNetworks(PruneNetworksRequest request, ServerCallContext context)
    {
        var filter = NetworkMapping.ToFilter(request.Filter);
        var removed = await directory.PruneAsync(filter, context.CancellationToken).ConfigureAwait(false);
        var response = new PruneNetworksResponse();
        response.Networks.AddRange(removed);
        return response;
    }

    public override async Task<ConnectContainerResponse> ConnectContainer(
        ConnectContainerRequest request, ServerCallContext context)
    {
        var network = await directory.FindAsync(request.Network, context.CancellationToken).ConfigureAwait(false);
        var container = await containers.InspectAsync(request.Container, context.CancellationToken).ConfigureAwait(false);
        var connection = NetworkMapping.ToConnection(network.Name, request.Settings);
        await connections.ConnectAsync(container.Id, connection, context.CancellationToken).ConfigureAwait(false);
        var listing = await directory.InspectAsync(network.Id, CancellationToken.None).ConfigureAwait(false);
        var member = listing.Members.FirstOrDefault(member => member.Container.Id == container.Id);
        return new ConnectContainerResponse { Endpoint = member is { Endpoint: not null } ? NetworkMapping.ToEndpoint(member) : null };
    }

    public override async Task<DisconnectContainerResponse> DisconnectContainer(
        DisconnectContainerRequest request, ServerCallContext context)
    {
        var network = await directory.FindAsync(request.Network, context.CancellationToken).ConfigureAwait(false);
        await connections.DisconnectAsync(request.Container, network.Id, context.CancellationToken).ConfigureAwait(false);
        return new DisconnectContainerResponse();
    }
}
