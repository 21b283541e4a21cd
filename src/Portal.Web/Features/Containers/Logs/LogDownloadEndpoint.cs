using System.Globalization;
using System.Text;
using Grpc.Core;
using Microsoft.Net.Http.Headers;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Access.Policies;
using Portal.Web.Audit;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Containers.Logs;

/// <summary><c>GET /api/v1/nodes/{node}/containers/{container}/logs</c>: the whole log as a text file, streamed.</summary>
internal static class LogDownloadEndpoint
{
    public const string Pattern = "/api/v1/nodes/{nodeId:guid}/containers/{container}/logs";

    public static IEndpointConventionBuilder MapLogDownload(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Pattern, HandleAsync).RequireAuthorization(new RequirePermissionAttribute(PermissionNames.ContainersLogs))
            .WithName("getContainerLog").WithSummary("A container's whole log as text.");

    private static async Task HandleAsync(
        Guid nodeId,
        string container,
        bool? timestamps,
        HttpContext context,
        IAuthorizer authorizer,
        INodeClients clients,
        IAuditLog audit,
        TimeProvider time)
    {
        Actor actor;
        try
        {
            actor = await authorizer.EnsureAsync(
                context.User, PermissionNames.ContainersLogs, AccessScope.Node(nodeId), context.RequestAborted);
        }
        catch (AccessDeniedException denied)
        {
            await RestProblems.Answer(denied.Message, statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
            return;
        }

        var client = new ContainerService.ContainerServiceClient(clients.For(nodeId, actor, PermissionNames.ContainersLogs));
        var request = new ReadLogsRequest { Container = container, Timestamps = timestamps ?? true };
        using var call = client.ReadLogs(request, cancellationToken: context.RequestAborted);
        try
        {
            // The first piece tells whether there is such a container: only then is the answer a file.
            var any = await call.ResponseStream.MoveNext(context.RequestAborted);
            // Before the first byte: who goes away in the middle has read what came until then.
            await RecordAsync(AuditOutcome.Succeeded);
            Describe(context.Response, container, time.GetUtcNow());
            while (any)
            {
                await context.Response.BodyWriter.WriteAsync(call.ResponseStream.Current.Data.Memory, context.RequestAborted);
                any = await call.ResponseStream.MoveNext(context.RequestAborted);
            }
        }
        catch (RpcException failure) when (!context.Response.HasStarted)
        {
            var readable = NodeCallException.From(failure, nodeId.ToString());
            await RecordAsync(AuditOutcome.Failed, readable.Message);
            await RestProblems.Answer(readable.Message, statusCode: StatusCodes.Status422UnprocessableEntity).ExecuteAsync(context);
        }
        catch (RpcException)
        {
            // Half a file must not look like a whole one.
            context.Abort();
        }

        Task RecordAsync(AuditOutcome outcome, string detail = "") => audit.WriteAsync(
            new AuditEntry(actor, "container.logs_download", "container", container, container, nodeId, outcome, detail),
            CancellationToken.None);
    }

    private static void Describe(HttpResponse response, string container, DateTimeOffset now)
    {
        var name = new StringBuilder();
        foreach (var letter in container.Take(80))
        {
            name.Append(char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '_');
        }

        var stamp = now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers[HeaderNames.ContentDisposition] = $"attachment; filename=\"{name}-{stamp}.log\"";
        response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
    }
}
