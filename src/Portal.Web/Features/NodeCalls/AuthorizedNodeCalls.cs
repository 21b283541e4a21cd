using System.Security.Claims;
using Grpc.Core;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Policies.Enforcing;
using Portal.Web.Nodes;

namespace Portal.Web.Features.NodeCalls;

internal sealed class AuthorizedNodeCalls(
    IAuthorizer authorizer, PolicyGuard policies, INodeClients clients, IFleet fleet, IAuditLog audit) : INodeCalls
{
    public Task<T> ReadAsync<T>(
        ClaimsPrincipal user,
        Guid nodeId,
        string permission,
        Func<CallInvoker, Task<T>> call,
        CancellationToken cancellationToken) => ReadAsync(user, nodeId, [permission], call, cancellationToken);

    public async Task<T> ReadAsync<T>(
        ClaimsPrincipal user,
        Guid nodeId,
        IReadOnlyList<string> permissions,
        Func<CallInvoker, Task<T>> call,
        CancellationToken cancellationToken)
    {
        var actor = Actor.Portal;
        foreach (var permission in permissions)
        {
            actor = await authorizer.EnsureAsync(user, permission, AccessScope.Node(nodeId), cancellationToken);
        }

        try
        {
            return await call(clients.For(nodeId, actor, [.. permissions]));
        }
        catch (RpcException failure)
        {
            throw NodeCallException.From(failure, NameOf(nodeId));
        }
    }

    public async Task<T> ChangeAsync<T>(
        ClaimsPrincipal user,
        Guid nodeId,
        IReadOnlyList<string> permissions,
        ChangeSubject subject,
        Func<CallInvoker, Task<T>> call,
        CancellationToken cancellationToken)
    {
        var actor = Actor.Portal;
        foreach (var permission in permissions)
        {
            actor = await authorizer.EnsureAsync(user, permission, AccessScope.Node(nodeId), cancellationToken);
        }

        var leave = PolicyLeave.Plain;
        if (subject.Demands is { } demands)
        {
            var denied = EntryOf(actor, nodeId, subject, AuditOutcome.Denied, subject.Detail);
            leave = await policies.EnsureAsync(user, nodeId, demands, denied, cancellationToken);
            subject = subject with { Detail = string.Join(", ", new[] { subject.Detail, leave.Note }.Where(text => text.Length > 0)) };
        }

        try
        {
            var result = await call(clients.For(nodeId, actor, [.. permissions, .. leave.Permissions]));
            var detail = $"{subject.Detail} {subject.Result?.Invoke()}".Trim();
            await RecordAsync(actor, nodeId, subject, AuditOutcome.Succeeded, detail);
            return result;
        }
        catch (RpcException failure)
        {
            var told = NodeCallException.From(failure, NameOf(nodeId));
            await RecordAsync(actor, nodeId, subject, AuditOutcome.Failed, AuditEntry.Join(subject.Detail, told.Message));
            throw told;
        }
        catch (OperationCanceledException)
        {
            // Broken off is not undone: the node may have got all of it by then.
            await RecordAsync(actor, nodeId, subject, AuditOutcome.Failed, AuditEntry.Join(subject.Detail, "broken off"));
            throw;
        }
    }

    // Not cancelled with the caller: what was done is recorded even when nobody waits for the answer any more.
    private Task RecordAsync(Actor actor, Guid nodeId, ChangeSubject subject, AuditOutcome outcome, string detail)
    {
        return audit.WriteAsync(EntryOf(actor, nodeId, subject, outcome, detail), CancellationToken.None);
    }

    private static AuditEntry EntryOf(Actor actor, Guid nodeId, ChangeSubject subject, AuditOutcome outcome, string detail) =>
        new(actor, subject.Action, subject.ObjectType, subject.ObjectId, subject.ObjectName, nodeId, outcome, detail);

    private string NameOf(Guid nodeId) =>
        fleet.Current.Nodes.TryGetValue(nodeId, out var node) ? node.Name : nodeId.ToString();
}
