using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Grpc.Core;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies;
using Portal.Contracts.Policies.Demands;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Containers;

/// <summary>What people do with containers. Every member checks the grant; every change is in the audit log.</summary>
public sealed class ContainerCommands(INodeCalls calls)
{
    // At a start the node looks again at what it mounts.
    private static readonly IReadOnlyList<PolicyDemand> s_none = [];

    public Task<CreateContainerResponse> CreateAsync(
        ClaimsPrincipal user, Guid nodeId, CreateContainerRequest request, CancellationToken cancellationToken)
    {
        var permissions = new List<string> { PermissionNames.ContainersCreate };
        if (request.Start)
        {
            permissions.Add(PermissionNames.ContainersStart);
        }

        permissions.AddRange(HostAccess.NeededBy(request));
        var subject = new ChangeSubject("container.create", "container", request.Name, request.Name, $"image {request.Image}")
        {
            Demands = RequestDemands.Of(request),
        };
        return calls.ChangeAsync(
            user, nodeId, permissions, subject, invoker => Client(invoker).CreateContainerAsync(request).ResponseAsync, cancellationToken);
    }

    public Task StartAsync(ClaimsPrincipal user, ContainerKey container, CancellationToken cancellationToken) =>
        ChangeAsync(user, container, "start", PermissionNames.ContainersStart, cancellationToken, (client, id) =>
            client.StartContainerAsync(new StartContainerRequest { Container = id }).ResponseAsync);

    public Task StopAsync(ClaimsPrincipal user, ContainerKey container, CancellationToken cancellationToken) =>
        ChangeAsync(user, container, "stop", PermissionNames.ContainersStop, cancellationToken, (client, id) =>
            client.StopContainerAsync(new StopContainerRequest { Container = id }).ResponseAsync);

    public Task RestartAsync(ClaimsPrincipal user, ContainerKey container, CancellationToken cancellationToken) =>
        ChangeAsync(user, container, "restart", PermissionNames.ContainersRestart, cancellationToken, (client, id) =>
            client.RestartContainerAsync(new RestartContainerRequest { Container = id }).ResponseAsync);

    /// <param name="user">Who asks.</param>
    /// <param name="container">Which.</param>
    /// <param name="signal">By name or number; empty for SIGKILL.</param>
    /// <param name="cancellationToken">Gives up before it was sent.</param>
    public Task KillAsync(ClaimsPrincipal user, ContainerKey container, string signal, CancellationToken cancellationToken) =>
        ChangeAsync(user, container, "kill", PermissionNames.ContainersKill, cancellationToken, (client, id) =>
            client.KillContainerAsync(new KillContainerRequest { Container = id, Signal = signal }).ResponseAsync, signal);

    public Task PauseAsync(ClaimsPrincipal user, ContainerKey container, CancellationToken cancellationToken) =>
        ChangeAsync(user, container, "pause", PermissionNames.ContainersPause, cancellationToken, (client, id) =>
            client.PauseContainerAsync(new PauseContainerRequest { Container = id }).ResponseAsync);

    public Task UnpauseAsync(ClaimsPrincipal user, ContainerKey container, CancellationToken cancellationToken) =>
        ChangeAsync(user, container, "unpause", PermissionNames.ContainersPause, cancellationToken, (client, id) =>
            client.UnpauseContainerAsync(new UnpauseContainerRequest { Container = id }).ResponseAsync);

    public Task RenameAsync(ClaimsPrincipal user, ContainerKey container, string newName, CancellationToken cancellationToken) =>
        ChangeAsync(user, container, "rename", PermissionNames.ContainersRename, cancellationToken, (client, id) =>
            client.RenameContainerAsync(new RenameContainerRequest { Container = id, NewName = newName }).ResponseAsync, $"to {newName}");

    public Task<UpdateContainerResponse> UpdateAsync(
        ClaimsPrincipal user, ContainerKey container, UpdateContainerRequest request, string detail, CancellationToken cancellationToken)
    {
        request.Container = container.Id;
        var subject = new ChangeSubject("container.update", "container", container.Id, container.Name, detail)
        {
            Demands = RequestDemands.Of(request),
        };
        return calls.ChangeAsync(
            user,
            container.NodeId,
            [PermissionNames.ContainersUpdate],
            subject,
            invoker => Client(invoker).UpdateContainerAsync(request).ResponseAsync,
            cancellationToken);
    }

    public Task RemoveAsync(ClaimsPrincipal user, ContainerKey container, bool force, CancellationToken cancellationToken) =>
        ChangeAsync(user, container, "remove", PermissionNames.ContainersRemove, cancellationToken, (client, id) =>
            client.RemoveContainerAsync(new RemoveContainerRequest { Container = id, Force = force }).ResponseAsync);

    /// <summary>Removes containers that don't run, made before a moment or whenever.</summary>
    /// <returns>How many, and the bytes that are free now.</returns>
    public async Task<(int Count, long Bytes)> PruneAsync(
        ClaimsPrincipal user, Guid nodeId, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        var (count, bytes) = (0, 0L);
        var query = until is { } moment
            ? $"?filters={Uri.EscapeDataString($$"""{"until":["{{moment.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}}"]}""")}" : "";
        var subject = new ChangeSubject("container.prune", "container", "", "stopped containers", PruneText.Describe([], [], until))
        {
            Result = () => string.Create(CultureInfo.InvariantCulture, $"containers={count} bytes={bytes}"),
        };
        return await calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.NodesView, PermissionNames.ContainersRemove],
            subject,
            async invoker =>
            {
                using var answer = JsonDocument.Parse(
                    await DockerCalls.SendAsync(invoker, "POST", "/containers/prune", query, cancellationToken));
                var removed = answer.RootElement.GetProperty("ContainersDeleted");
                count = removed.ValueKind == JsonValueKind.Array ? removed.GetArrayLength() : 0;
                bytes = answer.RootElement.GetProperty("SpaceReclaimed").GetInt64();
                return (count, bytes);
            },
            cancellationToken);
    }

    public Task<InspectContainerResponse> InspectAsync(
        ClaimsPrincipal user, Guid nodeId, string container, CancellationToken cancellationToken) =>
        calls.ReadAsync(
            user,
            nodeId,
            PermissionNames.ContainersView,
            invoker => Client(invoker).InspectContainerAsync(
                new InspectContainerRequest { Container = container }, cancellationToken: cancellationToken).ResponseAsync,
            cancellationToken);

    public Task<ListProcessesResponse> ListProcessesAsync(
        ClaimsPrincipal user, Guid nodeId, string container, CancellationToken cancellationToken) =>
        calls.ReadAsync(
            user,
            nodeId,
            PermissionNames.ContainersView,
            invoker => Client(invoker).ListProcessesAsync(
                new ListProcessesRequest { Container = container }, cancellationToken: cancellationToken).ResponseAsync,
            cancellationToken);

    // A change that was asked for is carried out even when the page that asked is closed meanwhile: the calls take no cancellation.
    private Task ChangeAsync<T>(
        ClaimsPrincipal user,
        ContainerKey container,
        string verb,
        string permission,
        CancellationToken cancellationToken,
        Func<ContainerService.ContainerServiceClient, string, Task<T>> call,
        string detail = "")
    {
        var subject = new ChangeSubject($"container.{verb}", "container", container.Id, container.Name, detail)
        {
            Demands = permission is PermissionNames.ContainersStart or PermissionNames.ContainersRestart ? s_none : null,
        };
        return calls.ChangeAsync(
            user, container.NodeId, [permission], subject, invoker => call(Client(invoker), container.Id), cancellationToken);
    }

    private static ContainerService.ContainerServiceClient Client(CallInvoker invoker) => new(invoker);
}
