using System.Globalization;
using System.Text;
using Grpc.Core;
using Microsoft.Net.Http.Headers;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Access.Policies;
using Portal.Web.Audit;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Images;

/// <summary>
/// <c>GET /api/v1/nodes/{node}/images/save?image=A&amp;image=B</c>: one archive of images, streamed from the node as it comes. Nothing is
/// kept here; a slow reader holds the node up.
/// </summary>
internal static class ImageSaveEndpoint
{
    public const string Pattern = "/api/v1/nodes/{nodeId:guid}/images/save";

    // An address has an end: what is chosen for one archive must fit into it.
    private const int LongestAddress = 7000;

    public static IEndpointConventionBuilder MapImageSave(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Pattern, HandleAsync).RequireAuthorization(new RequirePermissionAttribute(PermissionNames.ImagesSave))
            .WithName("saveImages").WithSummary("Images as an archive.");

    /// <summary>The address of an archive, or null when there are too many images for one.</summary>
    public static string? AddressOf(Guid nodeId, IEnumerable<string> images)
    {
        var query = string.Join('&', images.Select(image => $"image={Uri.EscapeDataString(image)}"));
        return query.Length is > 0 and <= LongestAddress ? $"api/v1/nodes/{nodeId}/images/save?{query}" : null;
    }

    private static async Task HandleAsync(
        Guid nodeId,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "image")] string[] images,
        HttpContext context,
        IAuthorizer authorizer,
        INodeClients clients,
        IFleet fleet,
        IAuditLog audit,
        TimeProvider time)
    {
        Actor actor;
        try
        {
            actor = await authorizer.EnsureAsync(
                context.User, PermissionNames.ImagesSave, AccessScope.Node(nodeId), context.RequestAborted);
        }
        catch (AccessDeniedException denied)
        {
            await RestProblems.Answer(denied.Message, statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
            return;
        }

        var request = new SaveImagesRequest();
        request.Images.AddRange(images.Where(image => image.Length > 0));
        var client = new ImageService.ImageServiceClient(clients.For(nodeId, actor, PermissionNames.ImagesSave));
        using var call = client.SaveImages(request, cancellationToken: context.RequestAborted);
        try
        {
            // The first piece tells whether all of them are there: only then is the answer a file.
            var any = await call.ResponseStream.MoveNext(context.RequestAborted);

            // Before the first byte: who goes away in the middle has got what came until then.
            await RecordAsync(AuditOutcome.Succeeded);
            Describe(context.Response, request.Images, time.GetUtcNow());
            while (any)
            {
                await context.Response.BodyWriter.WriteAsync(call.ResponseStream.Current.Data.Memory, context.RequestAborted);
                any = await call.ResponseStream.MoveNext(context.RequestAborted);
            }
        }
        catch (RpcException failure) when (!context.Response.HasStarted)
        {
            var node = fleet.Current.Nodes.GetValueOrDefault(nodeId)?.Name ?? nodeId.ToString();
            var readable = NodeCallException.From(failure, node);
            await RecordAsync(AuditOutcome.Failed, readable.Message);
            await RestProblems.Answer(readable.Message, statusCode: StatusCodes.Status422UnprocessableEntity).ExecuteAsync(context);
        }
        catch (RpcException)
        {
            // Half an archive must not look like a whole one.
            context.Abort();
        }

        Task RecordAsync(AuditOutcome outcome, string detail = "")
        {
            var names = string.Join(", ", request.Images);
            var entry = new AuditEntry(actor, "image.save", "image", Cut(names), Cut(names), nodeId, outcome, detail);
            return audit.WriteAsync(entry, CancellationToken.None);
        }
    }

    private static string Cut(string names) => names.Length <= 500 ? names : names[..499] + "…";

    private static void Describe(HttpResponse response, IReadOnlyList<string> images, DateTimeOffset now)
    {
        var stamp = now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var name = images.Count == 1 ? FileName(images[0]) : $"images-{stamp}";
        response.ContentType = "application/x-tar";
        response.Headers[HeaderNames.ContentDisposition] = $"attachment; filename=\"{name}.tar\"";
        response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        response.Headers[HeaderNames.CacheControl] = "no-store";
    }

    private static string FileName(string image)
    {
        var name = new StringBuilder();
        foreach (var letter in image.Replace("sha256:", "", StringComparison.Ordinal).TakeLast(80))
        {
            name.Append(char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' ? letter : '_');
        }

        return name.ToString();
    }
}
