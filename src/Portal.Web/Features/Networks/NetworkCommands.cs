using System.Security.Claims;
using Grpc.Core;
using Portal.Contracts.Networks.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies.Demands;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Networks;

/// <summary>What people do with networks. Every member checks the grant; every change is in the audit log.</summary>
public sealed class NetworkCommands(INodeCalls calls)
{
    /// <summary>All networks of a node with the containers on them.</summary>
    public async Task<IReadOnlyList<Network>> ListAsync(ClaimsPrincipal user, Guid nodeId, CancellationToken cancellationToken)
    {
        var response = await calls.ReadAsync(
            user,
            nodeId,
            PermissionNames.NetworksView,
            invoker => Client(invoker).ListNetworksAsync(
                new ListNetworksRequest { WithEndpoints = true }, cancellationToken: cancellationToken).ResponseAsync,
            cancellationToken);
        return response.Networks;
    }

    public Task<InspectNetworkResponse> InspectAsync(
        ClaimsPrincipal user, Guid nodeId, string name, CancellationToken cancellationToken) =>
        calls.ReadAsync(
            user,
            nodeId,
            PermissionNames.NetworksView,
            invoker => Client(invoker).InspectNetworkAsync(
                new InspectNetworkRequest { Network = name }, cancellationToken: cancellationToken).ResponseAsync,
            cancellationToken);

    /// <summary>Makes a network; needs the permission of host access too when containers on it would reach the host's networks.</summary>
    public Task<CreateNetworkResponse> CreateAsync(ClaimsPrincipal user, Guid nodeId, CreateNetworkRequest request)
    {
        string[] permissions = [PermissionNames.NetworksCreate, .. HostAccess.NeededBy(request)];
        var subnets = request.Subnets.Where(subnet => subnet.Subnet.Length > 0).Select(subnet => subnet.Subnet);
        return calls.ChangeAsync(
            user,
            nodeId,
            permissions,
            new ChangeSubject(
                "network.create", "network", request.Name, request.Name, $"{request.Driver} {string.Join(' ', subnets)}".Trim())
            {
                Demands = RequestDemands.Of(request),
            },
            invoker => Client(invoker).CreateNetworkAsync(request).ResponseAsync,
            CancellationToken.None);
    }

    public Task RemoveAsync(ClaimsPrincipal user, Guid nodeId, string id, string name) =>
        calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.NetworksRemove],
            new ChangeSubject("network.remove", "network", id, name),
            invoker => Client(invoker).RemoveNetworkAsync(new RemoveNetworkRequest { Network = id }).ResponseAsync,
            CancellationToken.None);

    /// <summary>Connects a container: at once when it runs, else with its next start.</summary>
    public Task<ConnectContainerResponse> ConnectAsync(ClaimsPrincipal user, Guid nodeId, ConnectContainerRequest request) =>
        calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.NetworksConnect],
            new ChangeSubject("network.connect", "network", request.Network, request.Network, $"container {request.Container}"),
            invoker => Client(invoker).ConnectContainerAsync(request).ResponseAsync,
            CancellationToken.None);

    /// <summary>Takes a container off a network, running or not.</summary>
    public Task DisconnectAsync(ClaimsPrincipal user, Guid nodeId, string network, string containerId, string containerName) =>
        calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.NetworksConnect],
            new ChangeSubject("network.disconnect", "network", network, network, $"container {containerName}"),
            invoker => Client(invoker).DisconnectContainerAsync(
                new DisconnectContainerRequest { Network = network, Container = containerId }).ResponseAsync,
            CancellationToken.None);

    /// <summary>What <see cref="PruneAsync"/> would remove now.</summary>
    public Task<PreviewPruneResponse> PreviewPruneAsync(
        ClaimsPrincipal user, Guid nodeId, NetworkPruneFilter filter, CancellationToken cancellationToken) =>
        calls.ReadAsync(
            user,
            nodeId,
            PermissionNames.NetworksView,
            invoker => Client(invoker).PreviewPruneAsync(
                new PreviewPruneRequest { Filter = filter }, cancellationToken: cancellationToken).ResponseAsync,
            cancellationToken);

    /// <summary>Removes networks that no running container is on.</summary>
    public Task<PruneNetworksResponse> PruneAsync(ClaimsPrincipal user, Guid nodeId, NetworkPruneFilter filter) =>
        calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.NetworksRemove],
            new ChangeSubject("network.prune", "network", "", "unused networks", PruneText.Describe(filter.Labels, filter.ExcludedLabels)),
            invoker => Client(invoker).PruneNetworksAsync(new PruneNetworksRequest { Filter = filter }).ResponseAsync,
            CancellationToken.None);

    private static NetworkService.NetworkServiceClient Client(CallInvoker invoker) => new(invoker);
}
