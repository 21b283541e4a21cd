using System.Globalization;
using Microsoft.Extensions.Options;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Consoles.Rules;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Consoles;

/// <summary><c>GET /api/v1/consoles/{ticket}</c> as a WebSocket: a terminal's bytes both ways. See <see cref="ConsoleSession"/>.</summary>
internal static class ConsoleEndpoint
{
    public const string Pattern = "/api/v1/consoles/{ticket}";

    public static IEndpointConventionBuilder MapConsoles(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Pattern, HandleAsync).RequireAuthorization()
            .WithName("openConsole").WithSummary("A console, over a WebSocket, for a ticket that a page was given.");

    private static async Task<IResult> HandleAsync(
        string ticket,
        HttpContext context,
        ConsoleTickets tickets,
        IAuthorizer authorizer,
        StandingAccess access,
        INodeClients clients,
        ConsolePolicies policies,
        IOptions<ConsoleOptions> options,
        IAuditLog audit,
        TimeProvider time,
        IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            return RestProblems.Answer("This address is for a terminal's WebSocket.", statusCode: StatusCodes.Status400BadRequest);
        }

        if (tickets.Redeem(context.User, ticket) is not { } request)
        {
            return RestProblems.Answer(
                "This console's ticket was used or is too old. Open the console anew.", statusCode: StatusCodes.Status403Forbidden);
        }

        var scope = AccessScope.Node(request.Container.NodeId);
        Actor actor;
        try
        {
            actor = await authorizer.EnsureAsync(context.User, request.Permission, scope, context.RequestAborted);
        }
        catch (AccessDeniedException denied)
        {
            return RestProblems.Answer(denied.Message, statusCode: StatusCodes.Status403Forbidden);
        }

        // Whether the console that is joined is somebody else's, the node knows.
        string[] asserted = await authorizer.IsAllowedAsync(context.User, PermissionNames.ConsolesShare, scope, context.RequestAborted)
            ? [request.Permission, PermissionNames.ConsolesShare]
            : [request.Permission];
        var policy = await policies.ReadAsync(context.RequestAborted);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            KeepAliveInterval = options.Value.KeepAliveInterval,
            KeepAliveTimeout = options.Value.KeepAliveTimeout,
        });
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var client = clients.For(request.Container.NodeId, actor, asserted);
        using var session = new ConsoleSession(socket, client, request, actor.UserName, policy);
        var started = time.GetTimestamp();
        await RecordAsync(AuditOutcome.Succeeded, request.Join.Length > 0 ? "console.join" : "console.open", Describe(request, policy));
        var revoked = access.WaitForEndAsync(context.User, request.Permission, scope, ending.Token);
        var outcome = await RunAsync(session, revoked, ending);
        await RecordAsync(
            outcome.Failed ? AuditOutcome.Failed : AuditOutcome.Succeeded,
            outcome.Ended ? "console.close" : "console.leave",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{session.Id} {outcome.Message} after {time.GetElapsedTime(started).TotalSeconds:0} s").Trim());
        return Results.Empty;

        Task RecordAsync(AuditOutcome result, string action, string detail) => audit.WriteAsync(
            new AuditEntry(
                actor,
                action,
                request.IsOnNode ? "node" : "container",
                request.IsOnNode ? request.Container.NodeId.ToString() : request.Container.Id,
                request.Container.Name,
                request.Container.NodeId,
                result,
                detail),
            CancellationToken.None);
    }

    private static string Describe(ConsoleRequest request, ConsolePolicy policy)
    {
        if (request.Join.Length > 0)
        {
            return request.Watch ? $"{request.Join} to watch" : request.Join;
        }

        var what = request.Attach ? "attached" : string.Join(' ', request.Command);
        return policy.Records(request.IsOnNode) ? $"{what} (recorded)".Trim() : what;
    }

    private static async Task<ConsoleOutcome> RunAsync(ConsoleSession session, Task revoked, CancellationTokenSource ending)
    {
        try
        {
            return await session.RunAsync(revoked, ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
            await revoked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
