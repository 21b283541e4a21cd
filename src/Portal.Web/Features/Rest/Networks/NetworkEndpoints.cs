using System.Security.Claims;
using Portal.Contracts.Networks.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Networks;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;

namespace Portal.Web.Features.Rest.Networks;

/// <summary>Networks of a node and the containers on them.</summary>
internal static class NetworkEndpoints
{
    private const string Networks = "/nodes/{nodeId:guid}/networks";
    private const string Network = Networks + "/{network}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Networks, ListAsync).Needs(PermissionNames.NetworksView)
            .Says<Page<Network>>("listNetworks", "The networks of a node with the containers on them.");
        api.MapPost(Networks, CreateAsync).Needs(PermissionNames.NetworksCreate)
            .Says<CreateNetworkResponse>("createNetwork", "Makes a network.", 201);
        api.MapGet(Network, InspectAsync).Needs(PermissionNames.NetworksView)
            .Says<InspectNetworkResponse>("inspectNetwork", "A network with the containers on it.");
        api.MapDelete(Network, RemoveAsync).Needs(PermissionNames.NetworksRemove).Does("removeNetwork", "Removes a network.");
        api.MapPost(Network + "/containers", ConnectAsync).Needs(PermissionNames.NetworksConnect)
            .Says<ConnectContainerResponse>("connectContainer", "Connects a container: at once when it runs, else with its next start.");
        api.MapDelete(Network + "/containers/{container}", DisconnectAsync).Needs(PermissionNames.NetworksConnect)
            .Does("disconnectContainer", "Takes a container off a network.");
        api.MapPost(Networks + "/prune", PruneAsync).Needs(PermissionNames.NetworksRemove)
            .Says<PruneNetworksResponse>("pruneNetworks", "Removes networks that no running container is on.");
        api.MapPost(Networks + "/prune/preview", PreviewAsync).Needs(PermissionNames.NetworksView)
            .Says<PreviewPruneResponse>("previewPruneNetworks", "What a prune would remove now.");
    }

    private static async Task<IResult> ListAsync(
        Guid nodeId, [AsParameters] PageQuery page, ClaimsPrincipal user, NetworkCommands networks, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(
            await networks.ListAsync(user, nodeId, cancellationToken), network => $"{network.Name}\n{network.Id}", network => network));

    private static async Task<IResult> CreateAsync(
        Guid nodeId, RestBody<CreateNetworkRequest> body, HttpContext context, NetworkCommands networks)
    {
        var made = await networks.CreateAsync(context.User, nodeId, body.Value);
        return RestResults.Created(context, $"/nodes/{nodeId}/networks/{made.Network?.Id}", made);
    }

    private static async Task<IResult> InspectAsync(
        Guid nodeId, string network, ClaimsPrincipal user, NetworkCommands networks, CancellationToken cancellationToken) =>
        RestResults.Ok(await networks.InspectAsync(user, nodeId, network, cancellationToken));

    private static async Task<IResult> RemoveAsync(Guid nodeId, string network, ClaimsPrincipal user, NetworkCommands networks)
    {
        await networks.RemoveAsync(user, nodeId, network, network);
        return RestResults.NoContent();
    }

    private static async Task<IResult> ConnectAsync(
        Guid nodeId, string network, RestBody<ConnectContainer> body, ClaimsPrincipal user, NetworkCommands networks)
    {
        var request = new ConnectContainerRequest { Network = network, Container = body.Value.Container, Settings = body.Value.Settings };
        return RestResults.Ok(await networks.ConnectAsync(user, nodeId, request));
    }

    private static async Task<IResult> DisconnectAsync(
        Guid nodeId, string network, string container, ClaimsPrincipal user, NetworkCommands networks)
    {
        await networks.DisconnectAsync(user, nodeId, network, container, container);
        return RestResults.NoContent();
    }

    private static async Task<IResult> PruneAsync(
        Guid nodeId, RestBody<NetworkPruneFilter> body, ClaimsPrincipal user, NetworkCommands networks) =>
        RestResults.Ok(await networks.PruneAsync(user, nodeId, body.Value));

    private static async Task<IResult> PreviewAsync(
        Guid nodeId, RestBody<NetworkPruneFilter> body, ClaimsPrincipal user, NetworkCommands networks,
        CancellationToken cancellationToken) =>
        RestResults.Ok(await networks.PreviewPruneAsync(user, nodeId, body.Value, cancellationToken));
}
