using System.ComponentModel;
using System.Security.Claims;
using System.Text.Json;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Containers;
using Portal.Web.Features.Containers.Listing;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Updates;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Rest.Containers;

/// <summary>Containers. Their logs as a file are a route of their own (<c>LogDownloadEndpoint</c>), and so are their files.</summary>
internal static class ContainerEndpoints
{
    private const string Container = "/nodes/{nodeId:guid}/containers/{container}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/containers", ListAsync).Needs(PermissionNames.ContainersView)
            .Says<Page<ContainerItem>>("listContainers", "The containers of all nodes that you may see.");
        api.MapGet("/nodes/{nodeId:guid}/containers", ListOfNodeAsync).Needs(PermissionNames.ContainersView)
            .Says<Page<ContainerItem>>("listNodeContainers", "The containers of a node.");
        api.MapPost("/nodes/{nodeId:guid}/containers", CreateAsync).Needs(PermissionNames.ContainersCreate)
            .Says<CreateContainerResponse>("createContainer", "Makes a container, and starts it when asked.", 201);
        api.MapGet(Container, InspectAsync).Needs(PermissionNames.ContainersView)
            .Says<ContainerDetail>("inspectContainer", "A container with all its settings.");
        api.MapPatch(Container, UpdateAsync).Needs(PermissionNames.ContainersUpdate)
            .Says<UpdateContainerResponse>("updateContainer", "Changes limits and the restart policy: all of it or nothing.");
        api.MapDelete(Container, RemoveAsync).Needs(PermissionNames.ContainersRemove)
            .Does("removeContainer", "Removes a container.");
        api.MapGet(Container + "/processes", ProcessesAsync).Needs(PermissionNames.ContainersView)
            .Says<ListProcessesResponse>("listProcesses", "The processes in a container.");
        api.MapPost(Container + "/rename", RenameAsync).Needs(PermissionNames.ContainersRename)
            .Does("renameContainer", "Gives a container another name.");
        api.MapPost(Container + "/kill", KillAsync).Needs(PermissionNames.ContainersKill)
            .Does("killContainer", "Ends a container's processes at once, or sends its first one another signal.");
        api.MapPost("/nodes/{nodeId:guid}/containers/prune", PruneAsync).Needs(PermissionNames.ContainersRemove)
            .Says<ContainersPruned>("pruneContainers", "Removes containers that don't run.");
        MapSteps(api);
    }

    private static void MapSteps(RouteGroupBuilder api)
    {
        Step("start", PermissionNames.ContainersStart, "Starts a container.",
            (commands, user, key) => commands.StartAsync(user, key, default));
        Step("stop", PermissionNames.ContainersStop, "Stops a container.", (commands, user, key) => commands.StopAsync(user, key, default));
        Step("restart", PermissionNames.ContainersRestart, "Stops a container and starts it again.",
            (commands, user, key) => commands.RestartAsync(user, key, default));
        Step("pause", PermissionNames.ContainersPause, "Holds a container's processes.",
            (commands, user, key) => commands.PauseAsync(user, key, default));
        Step("unpause", PermissionNames.ContainersPause, "Lets held processes go on.",
            (commands, user, key) => commands.UnpauseAsync(user, key, default));

        void Step(string verb, string permission, string summary, Func<ContainerCommands, ClaimsPrincipal, ContainerKey, Task> step) =>
            api.MapPost($"{Container}/{verb}", HandleAsync(step)).Needs(permission).Does(verb + "Container", summary);
    }

    private static Delegate HandleAsync(Func<ContainerCommands, ClaimsPrincipal, ContainerKey, Task> step) =>
        async (Guid nodeId, string container, ClaimsPrincipal user, ContainerCommands commands, FleetView fleet) =>
        {
            await step(commands, user, fleet.KeyOf(nodeId, container));
            return RestResults.NoContent();
        };

    private static async Task<IResult> ListAsync(
        [Description("Part of a name, image, port or label, or the beginning of an id.")] string? q,
        [Description("A node's name.")] string? node,
        [Description("Docker's word: running, exited, ...")] string? state,
        [Description("newer: those alone whose registry has a newer image under their tag.")] string? image,
        [AsParameters] PageQuery page,
        ClaimsPrincipal user, FleetView fleet, ImageUpdates updates, CancellationToken cancellationToken)
    {
        var nodes = await fleet.NodesAsync(user, PermissionNames.ContainersView, cancellationToken);
        return RestResults.Ok(Cut(nodes, ContainerQuery.Read(q, node, state, null, image), page, updates));
    }

    private static async Task<IResult> ListOfNodeAsync(
        Guid nodeId, string? q, string? state, string? image, [AsParameters] PageQuery page,
        ClaimsPrincipal user, FleetView fleet, ImageUpdates updates, CancellationToken cancellationToken)
    {
        var node = await fleet.NodeAsync(user, nodeId, PermissionNames.ContainersView, cancellationToken);
        return RestResults.Ok(Cut([node], ContainerQuery.Read(q, null, state, null, image), page, updates));
    }

    private static Page<ContainerItem> Cut(IEnumerable<NodeState> nodes, ContainerQuery query, PageQuery page, ImageUpdates updates)
    {
        var rows = nodes.SelectMany(node => node.Containers.Values.Select(
            container => new ContainerRow(node, container, updates.Of(node.Id, container))));
        return page.Cut(
            query.Choose(rows),
            row => $"{row.Container.Name}\n{row.NodeId}\n{row.Container.Id}",
            row => new ContainerItem(row.NodeId, row.NodeName, row.Stale, row.Container, row.Update));
    }

    private static async Task<IResult> InspectAsync(
        Guid nodeId, string container, ClaimsPrincipal user, ContainerCommands commands, CancellationToken cancellationToken)
    {
        var found = await commands.InspectAsync(user, nodeId, container, cancellationToken);
        var docker = JsonSerializer.Deserialize<JsonElement>(found.Json);
        return RestResults.Ok(new ContainerDetail(found.Summary, found.Resources, found.Health, docker));
    }

    private static async Task<IResult> CreateAsync(
        Guid nodeId, RestBody<CreateContainerRequest> body, HttpContext context, ContainerCommands commands)
    {
        // What was asked for is made even when nobody waits for the answer any more.
        var made = await commands.CreateAsync(context.User, nodeId, body.Value, CancellationToken.None);
        return RestResults.Created(context, $"/nodes/{nodeId}/containers/{made.Id}", made);
    }

    private static async Task<IResult> UpdateAsync(
        Guid nodeId, string container, RestBody<UpdateContainer> body, ClaimsPrincipal user, ContainerCommands commands, FleetView fleet)
    {
        var key = fleet.KeyOf(nodeId, container);
        var update = body.Value;
        return RestResults.Ok(await commands.UpdateAsync(user, key, update.ToRequest(), update.Describe(), CancellationToken.None));
    }

    private static async Task<IResult> RenameAsync(
        Guid nodeId, string container, RestBody<RenameContainer> body, ClaimsPrincipal user, ContainerCommands commands, FleetView fleet)
    {
        await commands.RenameAsync(user, fleet.KeyOf(nodeId, container), body.Value.Name, CancellationToken.None);
        return RestResults.NoContent();
    }

    private static async Task<IResult> RemoveAsync(
        Guid nodeId, string container, [Description("Kill it first when it runs.")] bool? force,
        ClaimsPrincipal user, ContainerCommands commands, FleetView fleet)
    {
        await commands.RemoveAsync(user, fleet.KeyOf(nodeId, container), force ?? false, CancellationToken.None);
        return RestResults.NoContent();
    }

    private static async Task<IResult> KillAsync(
        Guid nodeId, string container, [Description("Its name or number, as SIGHUP; SIGKILL when it is left out.")] string? signal,
        ClaimsPrincipal user, ContainerCommands commands, FleetView fleet)
    {
        await commands.KillAsync(user, fleet.KeyOf(nodeId, container), signal ?? "", CancellationToken.None);
        return RestResults.NoContent();
    }

    private static async Task<IResult> PruneAsync(
        Guid nodeId, RestBody<PruneContainers> body, ClaimsPrincipal user, ContainerCommands commands)
    {
        var (count, bytes) = await commands.PruneAsync(user, nodeId, body.Value.Until?.ToUniversalTime(), CancellationToken.None);
        return RestResults.Ok(new ContainersPruned(count, bytes));
    }

    private static async Task<IResult> ProcessesAsync(
        Guid nodeId, string container, ClaimsPrincipal user, ContainerCommands commands, CancellationToken cancellationToken) =>
        RestResults.Ok(await commands.ListProcessesAsync(user, nodeId, container, cancellationToken));
}
