using System.Security.Claims;
using Grpc.Core;
using Portal.Contracts.Docker.V1;
using Portal.Contracts.Permissions.Docker;
using Portal.Contracts.Policies.Demands;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Docker.Connections;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Policies.Enforcing;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Docker;

/// <summary>Decides on one request of Docker's API, carries it to the node and writes what came of it to the audit log.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class DockerForwarder(
    IAuthorizer authorizer,
    StandingAccess standing,
    PolicyGuard policies,
    INodeClients clients,
    IAuditLog audit,
    IHostApplicationLifetime lifetime)
{
    private const string Gone = "broken off";

    public async Task HandleAsync(HttpContext context, NodeState node, string path)
    {
        var request = context.Request;
        if (DockerRules.Find(request.Method, path, request.QueryString.Value ?? "") is not { } call)
        {
            await RefuseUnknownAsync(context, node, path);
            return;
        }

        byte[] body;
        Actor actor;
        string[] permissions;
        PolicyLeave leave;
        try
        {
            body = call.Rule.Body == DockerBody.Stream ? [] : await DockerRequests.ReadBodyAsync(request, context.RequestAborted);
            permissions = [.. call.Needs(body)];
            actor = await EnsureAsync(context.User, permissions, node.Id, context.RequestAborted);
            leave = await EnsurePoliciesAsync(context, actor, node, call, body);
        }
        catch (AccessDeniedException denied)
        {
            await DockerErrors.WriteAsync(context, StatusCodes.Status403Forbidden, denied.Message);
            return;
        }
        catch (FormatException wrong)
        {
            await DockerErrors.WriteAsync(context, StatusCodes.Status400BadRequest, wrong.Message);
            return;
        }

        var head = DockerRequests.HeadOf(request, path, body);
        var invoker = call.Rule.MayPlace
            ? clients.For(node.Id, actor, [.. permissions, .. leave.Permissions])
            : clients.ForLooking(node.Id, actor, permissions);
        var outcome = await CarryAsync(context, node, call, permissions, head, invoker);
        await RecordAsync(actor, node, call, leave.Note, outcome);
    }

    private async Task<Actor> EnsureAsync(
        ClaimsPrincipal user, IEnumerable<string> permissions, Guid nodeId, CancellationToken cancellationToken)
    {
        var actor = Actor.Portal;
        foreach (var permission in permissions)
        {
            actor = await authorizer.EnsureAsync(user, permission, AccessScope.Node(nodeId), cancellationToken);
        }

        return actor;
    }

    // What only looks asks for nothing that policies rule on.
    private async Task<PolicyLeave> EnsurePoliciesAsync(HttpContext context, Actor actor, NodeState node, DockerCall call, byte[] body) =>
        call.Rule.Action.Length == 0
            ? PolicyLeave.Plain
            : await policies.EnsureAsync(
                context.User, node.Id, DockerDemands.Of(call, body), EntryOf(actor, node, call, AuditOutcome.Denied, "by docker"),
                context.RequestAborted);

    private async Task RefuseUnknownAsync(HttpContext context, NodeState node, string path)
    {
        var target = $"{context.Request.Method} {path}";
        var entry = new AuditEntry(
            context.User.ToActor(), "docker.unknown", "route", path[..Math.Min(path.Length, 200)], target, node.Id, AuditOutcome.Denied);
        await audit.WriteAsync(entry, context.RequestAborted);
        await DockerErrors.WriteAsync(context, StatusCodes.Status403Forbidden, $"'{target}' is not offered through the portal.");
    }

    // What came of it: null when it was done, otherwise why it was not.
    private async Task<string?> CarryAsync(
        HttpContext context, NodeState node, DockerCall call, string[] permissions, DockerRequestHead head, CallInvoker invoker)
    {
        var connection = context.Features.Get<TakeableConnection>();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var watch = WatchAsync(context.User, permissions, node.Id, ending);
        if (call.Rule.Body == DockerBody.Hijack)
        {
            connection?.Hold();
        }

        try
        {
            using var exchange = new DockerExchange(invoker, context, connection, ending);
            return await exchange.RunAsync(head, call.Rule.Body);
        }
        catch (RpcException failure)
        {
            var readable = NodeCallException.From(failure, node.Name);
            await AnswerAsync(context, DockerRequests.StatusOf(failure.StatusCode), readable.Message);
            return ending.IsCancellationRequested ? Gone : readable.Message;
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            context.Abort();
            return Gone;
        }
        finally
        {
            connection?.Release();
            await ending.CancelAsync();
            await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task AnswerAsync(HttpContext context, int status, string message)
    {
        if (context.Response.HasStarted)
        {
            // Too late for a status; a cut connection is the one sign left that the answer is not whole.
            context.Abort();
            return;
        }

        await DockerErrors.WriteAsync(context, status, message);
    }

    // What goes on and on, as a console or the log's end, ends with the permission or the token.
    private async Task WatchAsync(ClaimsPrincipal user, string[] permissions, Guid nodeId, CancellationTokenSource ending)
    {
        var needed = permissions.Select(permission => standing.WaitForEndAsync(user, permission, AccessScope.Node(nodeId), ending.Token));
        await await Task.WhenAny(needed);
        await ending.CancelAsync();
    }

    private Task RecordAsync(Actor actor, NodeState node, DockerCall call, string note, string? problem)
    {
        if (call.Rule.Action.Length == 0)
        {
            return Task.CompletedTask;
        }

        var outcome = problem is null ? AuditOutcome.Succeeded : AuditOutcome.Failed;
        var detail = AuditEntry.Join(note.Length > 0 ? $"by docker, {note}" : "by docker", problem);

        // Not cancelled with the caller: it is done.
        return audit.WriteAsync(EntryOf(actor, node, call, outcome, detail), CancellationToken.None);
    }

    private static AuditEntry EntryOf(Actor actor, NodeState node, DockerCall call, AuditOutcome outcome, string detail)
    {
        var kind = call.Rule.Action.Split('.')[0];
        var subject = call.Subject.Length > 0 ? call.Subject : DockerRequests.NameIn(call);
        return new AuditEntry(actor, call.Rule.Action, kind, subject, subject, node.Id, outcome, detail);
    }
}
