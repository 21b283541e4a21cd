using System.Globalization;
using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Access.Policies;
using Portal.Web.Audit;
using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Features.Consoles.Recordings;

/// <summary><c>GET /api/v1/consoles/recordings/{consoleId}</c>: a recording in asciinema's format, for the page that replays it and for keeping.</summary>
internal static class RecordingEndpoint
{
    public const string Pattern = "/api/v1/consoles/recordings/{consoleId:guid}";

    public static void MapRecordings(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Pattern, HandleAsync).RequireAuthorization(new RequirePermissionAttribute(PermissionNames.ConsolesReplay))
            .WithName("replayConsole").WithSummary("A recorded console, in asciinema's format.")
            .Produces<string>(StatusCodes.Status200OK, "application/x-asciicast");

    private static async Task<IResult> HandleAsync(
        Guid consoleId,
        HttpContext context,
        ClaimsPrincipal user,
        RecordedConsoles recordings,
        IAuthorizer authorizer,
        IAuditLog audit)
    {
        var cancellationToken = context.RequestAborted;
        if (await recordings.FindAsync(consoleId, cancellationToken) is not { } console
            || !await authorizer.IsAllowedAsync(user, PermissionNames.ConsolesReplay, AccessScope.Node(console.NodeId), cancellationToken))
        {
            // Whether one is there is nobody's business who may not replay it.
            return RestProblems.Answer("There is no such recording.", statusCode: StatusCodes.Status404NotFound);
        }

        var actor = await authorizer.EnsureAsync(
            user, PermissionNames.ConsolesReplay, AccessScope.Node(console.NodeId), cancellationToken);
        var entry = new AuditEntry(
            actor,
            "console.replay",
            console.ContainerId.Length == 0 ? "node" : "container",
            console.ContainerId.Length == 0 ? console.NodeId.ToString() : console.ContainerId,
            console.ContainerId.Length == 0 ? console.NodeName : console.ContainerName,
            console.NodeId,
            AuditOutcome.Succeeded,
            $"{console.Id:N} of {console.OwnerName}");
        await audit.WriteAsync(entry, cancellationToken);
        var started = console.StartedAt.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Stream(
            output => recordings.CopyAsync(consoleId, output, cancellationToken), "application/x-asciicast", $"console-{started}.cast");
    }
}
