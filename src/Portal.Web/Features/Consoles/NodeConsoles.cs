using System.Security.Claims;
using Grpc.Core;
using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Containers;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Languages;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Consoles;

/// <summary>Consoles as the nodes have them: the portal keeps none, so every portal knows all of them.</summary>
public sealed class NodeConsoles(IAuthorizer authorizer, INodeClients clients, IFleet fleet, IAuditLog audit)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly string[] s_further = [PermissionNames.ConsolesView, PermissionNames.ConsolesShare, PermissionNames.ConsolesEnd];

    /// <summary>Those that somebody may see in a container, on a node itself, or, without a place, on the whole node; the newest first.</summary>
    /// <exception cref="NodeCallException">The node does not answer.</exception>
    public Task<IReadOnlyList<ConsoleInfo>> ListAsync(
        ClaimsPrincipal user, Guid nodeId, ContainerKey? place, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<ConsoleInfo>>(
            user,
            nodeId,
            async client =>
            {
                var request = new ListConsolesRequest { Container = place?.Id ?? "" };
                var response = await client.ListConsolesAsync(request, cancellationToken: cancellationToken)
                    .ResponseAsync.WaitAsync(s_patience, cancellationToken);
                return [.. response.Consoles.Where(console => place is null || console.Container == place.Id)];
            },
            cancellationToken);

    /// <summary>Ends one: one's own, or, for whoever may, anybody's.</summary>
    public async Task EndAsync(ClaimsPrincipal user, Guid nodeId, ConsoleInfo console, CancellationToken cancellationToken)
    {
        var actor = await authorizer.EnsureAsync(user, PermissionNames.NodesView, AccessScope.Node(nodeId), cancellationToken);
        if (console.OwnerId != actor.UserId.ToString())
        {
            await authorizer.EnsureAsync(user, PermissionNames.ConsolesEnd, AccessScope.Node(nodeId), cancellationToken);
        }

        await CallAsync(
            user,
            nodeId,
            async client => await client.EndConsoleAsync(
                new EndConsoleRequest { Console = console.Id, Person = actor.UserName }, cancellationToken: cancellationToken),
            cancellationToken);
        await RecordAsync(actor, "console.end", nodeId, console, $"{console.Id} of {console.Owner}");
    }

    /// <summary>Renames one's own console, or shares it.</summary>
    public async Task UpdateAsync(
        ClaimsPrincipal user, Guid nodeId, ConsoleInfo console, string name, ConsoleSharing sharing, CancellationToken cancellationToken)
    {
        var needed = sharing == ConsoleSharing.None ? PermissionNames.NodesView : PermissionNames.ConsolesShare;
        var actor = await authorizer.EnsureAsync(user, needed, AccessScope.Node(nodeId), cancellationToken);
        await CallAsync(
            user,
            nodeId,
            async client => await client.UpdateConsoleAsync(
                new UpdateConsoleRequest { Console = console.Id, Name = name, Sharing = sharing }, cancellationToken: cancellationToken),
            cancellationToken);
        var shared = LanguageFlow.InEnglish(() => ConsoleWords.Of(sharing));
        await RecordAsync(actor, "console.share", nodeId, console, $"{console.Id} '{name}': {shared}");
    }

    /// <summary>The shells that a container has, the best first.</summary>
    public async Task<IReadOnlyList<string>> ListShellsAsync(
        ClaimsPrincipal user, ContainerKey container, CancellationToken cancellationToken)
    {
        var actor = await authorizer.EnsureAsync(
            user, PermissionNames.ContainersExec, AccessScope.Node(container.NodeId), cancellationToken);
        try
        {
            var client = new ConsoleService.ConsoleServiceClient(
                clients.For(container.NodeId, actor, PermissionNames.ContainersExec));
            var response = await client.ListShellsAsync(
                new ListShellsRequest { Container = container.Id }, cancellationToken: cancellationToken);
            return [.. response.Shells];
        }
        catch (RpcException failure)
        {
            throw NodeCallException.From(failure, NameOf(container.NodeId));
        }
    }

    private async Task<T> CallAsync<T>(
        ClaimsPrincipal user, Guid nodeId, Func<ConsoleService.ConsoleServiceClient, Task<T>> call, CancellationToken cancellationToken)
    {
        var scope = AccessScope.Node(nodeId);
        var actor = await authorizer.EnsureAsync(user, PermissionNames.NodesView, scope, cancellationToken);
        List<string> asserted = [PermissionNames.NodesView];
        foreach (var permission in s_further)
        {
            if (await authorizer.IsAllowedAsync(user, permission, scope, cancellationToken))
            {
                asserted.Add(permission);
            }
        }

        try
        {
            return await call(new ConsoleService.ConsoleServiceClient(clients.For(nodeId, actor, [.. asserted])));
        }
        catch (RpcException failure)
        {
            throw NodeCallException.From(failure, NameOf(nodeId));
        }
        catch (TimeoutException failure)
        {
            throw new NodeCallException(StatusCode.DeadlineExceeded, E("The node '{0}' did not answer in time.", NameOf(nodeId)), failure);
        }
    }

    private Task RecordAsync(Actor actor, string action, Guid nodeId, ConsoleInfo console, string detail) => audit.WriteAsync(
        new AuditEntry(
            actor,
            action,
            console.Container.Length == 0 ? "node" : "container",
            console.Container.Length == 0 ? nodeId.ToString() : console.Container,
            console.Container.Length == 0 ? NameOf(nodeId) : ContainerNameOf(nodeId, console.Container),
            nodeId,
            AuditOutcome.Succeeded,
            detail),
        CancellationToken.None);

    /// <summary>A container's name, or its short id when it is gone.</summary>
    public string ContainerNameOf(Guid nodeId, string container) =>
        fleet.Current.Nodes.GetValueOrDefault(nodeId)?.Containers.GetValueOrDefault(container)?.Name
        ?? container[..Math.Min(12, container.Length)];

    private string NameOf(Guid nodeId) => fleet.Current.Nodes.TryGetValue(nodeId, out var node) ? node.Name : nodeId.ToString();
}
