using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Security;

namespace Portal.Web.Features.Files;

/// <summary>One file's bytes in the body of a request, passed on to a node as they come.</summary>
internal static class FileUploadRequest
{
    /// <param name="context">The request.</param>
    /// <param name="antiforgery">A browser sends cookies with a forged cross-site request too; the token only from our own page.</param>
    /// <param name="write">Sends the body on.</param>
    public static async Task<IResult> HandleAsync(HttpContext context, IAntiforgery antiforgery, Func<Stream, Task> write)
    {
        if (!await antiforgery.IsGenuineAsync(context))
        {
            return RestProblems.Answer(N("The page that sent this is too old. Load it again and repeat the upload."), statusCode: 400);
        }

        // A file may be larger than any limit for ordinary bodies. It is not buffered here.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        try
        {
            await write(context.Request.Body);
            return Results.NoContent();
        }
        catch (AccessDeniedException denied)
        {
            return RestProblems.Answer(denied.Message, statusCode: StatusCodes.Status403Forbidden);
        }
        catch (NodeCallException failure)
        {
            return RestProblems.Answer(failure.Message, statusCode: FileDownload.StatusOf(failure));
        }
    }
}
