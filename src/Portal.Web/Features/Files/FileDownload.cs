using System.Text;
using Grpc.Core;
using Microsoft.Net.Http.Headers;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Features.Files;

/// <summary>One answer with the bytes of a file or an archive, passed on from a node as they come: nothing gathers here.</summary>
public sealed class FileDownload(HttpContext context)
{
    private long? _expected;
    private long _sent;

    /// <summary>Says what comes, before the first byte.</summary>
    /// <param name="name">The file's name for the browser.</param>
    /// <param name="contentType">Its type; nothing is shown in the browser itself.</param>
    /// <param name="length">How many bytes, when that is known.</param>
    public void Begin(string name, string contentType, long? length)
    {
        var response = context.Response;
        response.ContentType = contentType;
        response.ContentLength = _expected = length;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(name);
        response.Headers[HeaderNames.ContentDisposition] = disposition.ToString();
        response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        response.Headers[HeaderNames.CacheControl] = "no-store";
    }

    /// <summary>Passes a piece on; waits while the reader is slow.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> data)
    {
        _sent += data.Length;
        await context.Response.BodyWriter.WriteAsync(data, context.RequestAborted);
    }

    /// <summary>Runs a download and turns its failures into answers: half a file must not look like a whole one.</summary>
    public async Task RunAsync(Func<FileDownload, Task> run)
    {
        try
        {
            await run(this);
            if (_expected is { } expected && _sent != expected)
            {
                context.Abort();
            }
        }
        catch (AccessDeniedException denied)
        {
            await RestProblems.Answer(denied.Message, statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
        }
        catch (NodeCallException failure) when (!context.Response.HasStarted)
        {
            // Not cleared: what protects every answer of the portal stands in its headers already.
            context.Response.ContentLength = null;
            context.Response.Headers.Remove(HeaderNames.ContentDisposition);
            await RestProblems.Answer(failure.Message, statusCode: StatusOf(failure)).ExecuteAsync(context);
        }
        catch (NodeCallException)
        {
            context.Abort();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone.
        }
    }

    /// <summary>Which status tells a browser's script how a node failed.</summary>
    public static int StatusOf(NodeCallException failure) => failure.StatusCode switch
    {
        StatusCode.NotFound => StatusCodes.Status404NotFound,
        StatusCode.AlreadyExists => StatusCodes.Status409Conflict,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    /// <summary>A name that every system takes for an archive.</summary>
    public static string ArchiveName(string name)
    {
        var letters = new StringBuilder();
        foreach (var letter in name)
        {
            letters.Append(char.IsLetterOrDigit(letter) || letter is '-' or '.' or '_' ? letter : '_');
        }

        return letters.ToString().Trim('.') is { Length: > 0 } plain ? plain + ".tar" : "files.tar";
    }
}
