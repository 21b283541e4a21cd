using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Access.Policies;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Security;

namespace Portal.Web.Features.Images;

/// <summary>
/// <c>POST /api/v1/nodes/{node}/images/load?name=FILE</c>: the body is an image archive, streamed to the node as it comes.
/// Not through the circuit, which would hold the page up and the file in memory.
/// </summary>
internal static class ImageUploadEndpoint
{
    public const string Pattern = "/api/v1/nodes/{nodeId:guid}/images/load";

    public static IEndpointConventionBuilder MapImageUpload(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost(Pattern, HandleAsync).RequireAuthorization(new RequirePermissionAttribute(PermissionNames.ImagesLoad))
            .WithName("loadImages").WithSummary("Loads the images of an archive.");

    private static async Task<IResult> HandleAsync(
        Guid nodeId, string? name, HttpContext context, IAntiforgery antiforgery, ImageCommands images)
    {
        // A browser sends cookies with a forged cross-site request too; the token only from our own page.
        if (!await antiforgery.IsGenuineAsync(context))
        {
            return RestProblems.Answer(N("The page that sent this is too old. Load it again and repeat the upload."), statusCode: 400);
        }

        // An archive may be larger than any limit for ordinary bodies. It is not buffered, and the node bounds what it unpacks.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        var fileName = string.IsNullOrWhiteSpace(name) ? "archive" : name[..Math.Min(name.Length, 255)];
        try
        {
            var loaded = await images.LoadAsync(context.User, nodeId, fileName, context.Request.Body, context.RequestAborted);
            return Results.Ok(new UploadResult([.. loaded.Select(image => new UploadedImage(image.Id, image.Name))]));
        }
        catch (AccessDeniedException denied)
        {
            return RestProblems.Answer(denied.Message, statusCode: StatusCodes.Status403Forbidden);
        }
        catch (NodeCallException failure)
        {
            return RestProblems.Answer(failure.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
    }

    private sealed record UploadResult([property: JsonPropertyName("images")] IReadOnlyList<UploadedImage> Images);

    private sealed record UploadedImage([property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("name")] string Name);
}
